using Forethought.Model;
using Forethought.Testing;
using Forethought.Tsdb.Chunks;
using Forethought.Tsdb.Head;
using Forethought.Tsdb.Snapshots;
using Forethought.Tsdb.Wal;

namespace Forethought.Tsdb.Tests.Hostile;

/// <summary>Records of every type, damaged behind their checksums.</summary>
public sealed class HostileRecordTests
{
    private readonly WalSamples _samples = new();
    private readonly WalHistograms<Histogram> _integers = new();
    private readonly WalHistograms<FloatHistogram> _floats = new();
    private readonly HistogramSample _sample = new();
    private readonly FloatHistogram _copy = new();
    private readonly ChunkRows _rows = new();
    private byte[] _scratch = [];

    [Fact]
    public void Records_cut_anywhere_are_refused_or_read() => Input(RecordSeeds.OfLogs(), Read).Cut();

    [Fact]
    public void Mutated_records_are_refused_or_read() => Input(RecordSeeds.OfLogs(), Read).Mutate(300, 40_000);

    [Fact]
    public void Mutated_records_of_the_reference_are_refused_or_read()
    {
        List<byte[]> seeds = [.. GoldenJson.Lines("golden/records.jsonl").Select(line => line.Hex("hex")).Where(record => record.Length < 4000)];
        Assert.True(seeds.Count > 30);
        Input(seeds, Read).Mutate(301, 10_000);
    }

    [Fact]
    public void Records_of_snapshots_cut_anywhere_are_refused_or_read() => Input(RecordSeeds.OfSnapshots(), ReadSnapshot).Cut();

    [Fact]
    public void Mutated_records_of_snapshots_are_refused_or_read() => Input(RecordSeeds.OfSnapshots(), ReadSnapshot).Mutate(302, 20_000);

    // A histogram is an object of some 200 bytes and takes 30 at least; columns double when they are full.
    private static HostileInput Input(List<byte[]> seeds, Action<byte[]> read) => new()
    {
        Seeds = seeds,
        Decode = read,
        IsDocumented = e => e is TsdbCorruptionException { File: "" },
        AllocatedPerByte = 64,
    };

    // As replay does.
    private void Read(byte[] record)
    {
        int steps = 0;
        switch (WalRecord.TypeOf(record))
        {
            case WalRecordType.Series:
                for (var series = new SeriesRecord(record); series.MoveNext(); steps++)
                    Walk(series.PackedLabels);
                break;
            case WalRecordType.Samples or WalRecordType.SamplesV2:
                _samples.Clear();
                SampleRecords.Decode(record, _samples);
                steps = _samples.Count;
                break;
            case WalRecordType.HistogramSamples or WalRecordType.CustomBucketsHistogramSamples or WalRecordType.HistogramSamplesV2:
                ReadHistograms(record);
                steps = _integers.Count;
                break;
            case WalRecordType.FloatHistogramSamples or WalRecordType.CustomBucketsFloatHistogramSamples
                or WalRecordType.FloatHistogramSamplesV2:
                ReadFloatHistograms(record);
                steps = _floats.Count;
                break;
            case WalRecordType.Tombstones:
                for (var stones = new TombstoneRecord(record); stones.MoveNext();)
                    steps++;
                break;
            case WalRecordType.Exemplars:
                for (var exemplars = new ExemplarRecord(record); exemplars.MoveNext(); steps++)
                    Walk(exemplars.PackedLabels);
                break;
            case WalRecordType.Metadata:
                for (var metadata = new MetadataRecord(record); metadata.MoveNext();)
                    steps++;
                break;
            case WalRecordType.MmapMarkers:
                for (var markers = new MmapMarkerRecord(record); markers.MoveNext();)
                    steps++;
                break;
        }

        Assert.InRange(steps, 0, record.Length);
    }

    private void ReadSnapshot(byte[] record)
    {
        switch (record.Length == 0 ? default : (SnapshotRecordType)record[0])
        {
            case SnapshotRecordType.Series:
                SnapshotSeries series = SnapshotSeries.Read(record, ref _scratch);
                Walk(series.PackedLabels);
                if (series.Encoding != ChunkEncoding.None)
                    _rows.Decode(series.Encoding, series.Chunk);
                break;
            case SnapshotRecordType.Exemplars:
                Read([(byte)WalRecordType.Exemplars, .. record[1..]]);
                break;
        }
    }

    // What does not contradict itself goes into chunks.
    private void ReadHistograms(byte[] record)
    {
        _integers.Clear();
        HistogramRecords.Decode(record, _integers);
        for (int row = 0; row < _integers.Count; row++)
        {
            if (!ReplayAppender.IsConsistent(_integers.Histograms[row]))
                continue;
            _sample.Load(_integers.Histograms[row]);
            _integers.Histograms[row].CopyTo(_copy);
        }
    }

    private void ReadFloatHistograms(byte[] record)
    {
        _floats.Clear();
        HistogramRecords.Decode(record, _floats);
        for (int row = 0; row < _floats.Count; row++)
        {
            if (ReplayAppender.IsConsistent(_floats.Histograms[row]))
                _sample.Load(_floats.Histograms[row]);
        }
    }

    private static void Walk(ReadOnlySpan<byte> packedLabels)
    {
        for (int offset = 0; offset < packedLabels.Length;)
            PackedLabels.ReadString(packedLabels, ref offset);
    }
}
