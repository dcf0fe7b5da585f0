using Forethought.Model;
using Forethought.Storage;
using Forethought.Tsdb.Platform;
using Forethought.Tsdb.Tests.Platform;
using Forethought.Tsdb.Wal;
using Xunit;

namespace Forethought.Tsdb.Tests.Wal;

public sealed class CheckpointTests
{
    private readonly MemoryDisk _disk = new();
    private readonly RecordBuffer _commit = new();

    [Theory]
    // first and current segment, then the last to be replaced: of first … current−1 the lower two thirds.
    [InlineData(0, 0, null)]
    [InlineData(0, 1, null)]
    [InlineData(0, 2, null)]
    [InlineData(0, 3, 1)]
    [InlineData(0, 4, 2)]
    [InlineData(10, 20, 16)]
    public void The_newest_third_of_the_segments_stays(int first, int current, int? last) =>
        Assert.Equal(last, WalTruncation.LastToReplace(first, current));

    [Fact]
    public void Keeps_what_is_needed_and_drops_the_rest()
    {
        using (var writer = new WalWriter(_disk.Root, WalFixture.Options()))
        {
            WriteSeries(writer, 1, 2, 3);
            WriteSamples(writer, (1, 100), (2, 100), (1, 200), (3, 300));
            WriteTombstones(writer, (1, 0, 150), (1, 0, 250), (2, 0, 500));
            WriteExemplars(writer, (1, 100), (3, 200), (1, 300));
            WriteMetadata(writer, (1, "old"), (2, "gone"), (3, "only"));
            WriteMetadata(writer, (1, "new"));
            WriteHistograms(writer, (1, 100, false), (1, 200, false), (3, 250, true));
            WalFixture.Write(writer, [99, 1, 2, 3]);
            writer.CutSegment();
            WriteSamples(writer, (1, 1000));
        }

        CheckpointResult result = Writer().Write(0, 0, series => series.Value != 2, 200);

        Assert.Equal(
            [
                "series 1", "series 3",
                "sample 1@200", "sample 3@300",
                "tombstone 1 0-250",
                "exemplar 3@200", "exemplar 1@300",
                "histogram 1@200", "histogram 3@250",
                "metadata 1 new", "metadata 3 only",
            ],
            Describe(WalCheckpoints.Open(_disk.Root, 0)));
        Assert.Equal((3, 1), (result.TotalSeries, result.DroppedSeries));
        Assert.Equal((7, 3), (result.TotalSamples, result.DroppedSamples));
        Assert.Equal((3, 2), (result.TotalTombstones, result.DroppedTombstones));
        Assert.Equal((3, 1), (result.TotalExemplars, result.DroppedExemplars));
        Assert.Equal((4, 2), (result.TotalMetadata, result.DroppedMetadata));
        Assert.Equal(1, result.SkippedRecords);
    }

    [Fact]
    public void Builds_on_the_checkpoint_before()
    {
        using (var writer = new WalWriter(_disk.Root, WalFixture.Options()))
        {
            WriteSeries(writer, 1);
            WriteSamples(writer, (1, 100));
            writer.CutSegment();
            WriteSeries(writer, 2);
            WriteSamples(writer, (1, 200));
            writer.CutSegment();
            WriteSamples(writer, (2, 300));
            writer.CutSegment();
        }

        Writer().Write(0, 1, _ => true, 0);
        WalSegments.DeleteBefore(_disk.Root, 2);
        Assert.Equal(["series 1", "sample 1@100", "series 2", "sample 1@200", "sample 2@300"], Describe(_disk.Root, isReplay: true));

        Writer().Write(2, 2, _ => true, 200);
        WalSegments.DeleteBefore(_disk.Root, 3);
        WalCheckpoints.DeleteBefore(_disk.Root, 2);
        Assert.Equal(2, WalCheckpoints.FindLast(_disk.Root));
        Assert.Equal(["checkpoint.00000002"], _disk.Root.List().Where(entry => entry.IsDirectory).Select(entry => entry.Name));
        Assert.Equal(["series 1", "series 2", "sample 1@200", "sample 2@300"], Describe(_disk.Root, isReplay: true));
    }

    [Fact]
    public void Start_timestamps_are_kept_if_wanted()
    {
        using (var writer = new WalWriter(_disk.Root, WalFixture.Options()))
        {
            _commit.Clear();
            SampleRecords.EncodeV2(_commit, [new SeriesRef(1), new SeriesRef(2)], [100, 200], [1.0, 2.0], [50, 60]);
            WriteCommit(writer);
            writer.CutSegment();
        }

        new CheckpointWriter(_disk.Root, WalFixture.Options(), writesStartTimes: true).Write(0, 0, _ => true, 150);
        using var reader = new WalReader(new WalRange(WalCheckpoints.Open(_disk.Root, 0)));
        Assert.True(reader.TryRead(out ReadOnlySpan<byte> record));
        var samples = new WalSamples();
        SampleRecords.Decode(record, samples);
        Assert.Equal((1, 200, 60), (samples.Count, samples.TimesMs[0], samples.StartTimesMs![0]));
    }

    /// <summary>All kinds of samples, of which the older half goes, with and without start timestamps.</summary>
    [Theory]
    [InlineData(false, "h(2) c(2) H(2) C(2)")]
    [InlineData(true, "h(2 2) H(2 2)")]
    public void Histograms_of_all_kinds_are_kept_by_time(bool withStartTimes, string expected)
    {
        SeriesRef[] series = [new SeriesRef(1), new SeriesRef(2), new SeriesRef(1), new SeriesRef(2)];
        long[] times = [1000, 1000, 2000, 2000], starts = [10, 0, 10, 20];
        int[] schemas = [3, HistogramSchema.CustomBuckets, 3, HistogramSchema.CustomBuckets];
        using (var writer = new WalWriter(_disk.Root, WalFixture.Options()))
        {
            _commit.Clear();
            HistogramRecords.EncodeV2(_commit, series, times, [.. schemas.Select(schema => new Histogram { Schema = schema, Count = 7 })], starts);
            HistogramRecords.EncodeV2(_commit, series, times, [.. schemas.Select(schema => new FloatHistogram { Schema = schema, Sum = 8 })], starts);
            WriteCommit(writer);
            writer.CutSegment();
        }

        CheckpointResult result = new CheckpointWriter(_disk.Root, WalFixture.Options(), withStartTimes).Write(0, 0, _ => true, 1500);
        Assert.Equal((8, 4), (result.TotalSamples, result.DroppedSamples));
        IStorageDirectory checkpoint = WalCheckpoints.Open(_disk.Root, 0);
        Assert.Equal(expected, Store.MixedSamples.DescribeLog(checkpoint));
        var floats = new WalHistograms<FloatHistogram>();
        using var reader = new WalReader(new WalRange(checkpoint));
        while (reader.TryRead(out ReadOnlySpan<byte> record))
        {
            if (WalRecord.NameOf(WalRecord.TypeOf(record)).Contains("float"))
                HistogramRecords.Decode(record, floats);
        }

        Assert.Equal([3, HistogramSchema.CustomBuckets], floats.Histograms[..2].Select(histogram => histogram.Schema));
        Assert.All(floats.Histograms[..2], histogram => Assert.Equal(8, histogram.Sum));
        Assert.Equal(withStartTimes ? [10, 20] : [0, 0], floats.StartTimesMs[..2]);
    }

    [Fact]
    public void A_gap_behind_the_checkpoint_before_is_refused()
    {
        _disk.Root.GetDirectory("checkpoint.00000003");
        _disk.Root.Create("00000006");
        var e = Assert.Throws<StorageException>(() => Writer().Write(6, 6, _ => true, 0));
        Assert.Equal("unexpected gap to last checkpoint. expected:4, requested:6", e.Message);
    }

    [Fact]
    public void A_file_with_a_checkpoint_s_name_is_refused()
    {
        _disk.Root.Create("checkpoint.00000003");
        var e = Assert.Throws<StorageException>(() => WalCheckpoints.FindLast(_disk.Root));
        Assert.Equal("checkpoint checkpoint.00000003 is not a directory", e.Message);
    }

    [Fact]
    public void Damage_in_a_segment_leaves_everything_as_it_was()
    {
        using (var writer = new WalWriter(_disk.Root, WalFixture.Options()))
        {
            WriteSeries(writer, 1);
            WriteSamples(writer, (1, 100));
            writer.CutSegment();
        }

        byte[] content = _disk.Root.File("00000000").Content;
        content[12] ^= 1;
        Assert.Throws<TsdbCorruptionException>(() => Writer().Write(0, 0, _ => true, 0));
        Assert.Equal(["00000000", "00000001"], _disk.Root.List().Select(entry => entry.Name).Order());
    }

    [Fact]
    public void A_record_that_cannot_be_decoded_is_told_with_its_place()
    {
        using (var writer = new WalWriter(_disk.Root, WalFixture.Options()))
        {
            WriteSeries(writer, 1);
            WalFixture.Write(writer, [2, 1, 2]);
            writer.CutSegment();
        }

        var e = Assert.Throws<TsdbCorruptionException>(() => Writer().Write(0, 0, _ => true, 0));
        // A header of 7 bytes, then the type, a reference, the number of labels and four texts of 8, 1, 1 and 1 bytes.
        Assert.Equal((0, 7 + 1 + 8 + 1 + 9 + 2 + 2 + 2), (e.Segment, e.Offset));
    }

    [Fact]
    public void Killed_at_any_step_the_log_with_or_without_checkpoint_tells_the_same()
    {
        for (int step = 0; ; step++)
        {
            foreach (bool losesUnsynced in new[] { false, true })
            {
                var test = new CheckpointTests();
                using (var writer = new WalWriter(test._disk.Root, WalFixture.Options()))
                {
                    test.WriteSeries(writer, 1, 2);
                    test.WriteSamples(writer, (1, 100), (2, 200));
                    writer.CutSegment();
                    test.WriteSamples(writer, (2, 300));
                    writer.CutSegment();
                }

                test._disk.Root.Sync();
                string[] before = ["series 1", "series 2", "sample 1@100", "sample 2@200", "sample 2@300"];
                string[] after = ["series 2", "sample 2@200", "sample 2@300"];
                bool completed = test.CheckpointAndTruncate(step);
                test._disk.Restart(losesUnsynced);
                WalCheckpoints.DeleteTemporary(test._disk.Root);
                string[] seen = Describe(test._disk.Root, isReplay: true);
                Assert.True(seen.SequenceEqual(before) || seen.SequenceEqual(after), $"step {step}: {string.Join(", ", seen)}");
                if (completed && !losesUnsynced)
                    Assert.Equal(after, seen);
                if (completed && losesUnsynced)
                {
                    Assert.True(step > 8, "a checkpoint takes more steps than that");
                    return;
                }
            }
        }
    }

    private bool CheckpointAndTruncate(int steps)
    {
        _disk.Fault = (_, _) => steps-- == 0 ? new DiskFault(BytesDone: 3, Crashes: true) : null;
        try
        {
            Writer().Write(0, 0, series => series.Value == 2, 200);
            WalSegments.DeleteBefore(_disk.Root, 1);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private CheckpointWriter Writer() => new(_disk.Root, WalFixture.Options(compression: WalCompression.Snappy), writesStartTimes: false);

    private void WriteCommit(WalWriter writer)
    {
        Assert.True(writer.TryStage(_commit));
        writer.WriteStaged();
    }

    private void WriteSeries(WalWriter writer, params ReadOnlySpan<ulong> series)
    {
        _commit.Clear();
        _commit.Begin(WalRecordType.Series);
        foreach (ulong number in series)
            SeriesRecord.Write(_commit, new SeriesRef(number), Labels.FromStrings("__name__", "m", "n", $"{number}").Packed);
        _commit.End();
        WriteCommit(writer);
    }

    private void WriteSamples(WalWriter writer, params (ulong Series, long Time)[] samples)
    {
        _commit.Clear();
        SampleRecords.Encode(
            _commit, [.. samples.Select(s => new SeriesRef(s.Series))], [.. samples.Select(s => s.Time)], new double[samples.Length]);
        WriteCommit(writer);
    }

    private void WriteTombstones(WalWriter writer, params (ulong Series, long Min, long Max)[] stones)
    {
        _commit.Clear();
        _commit.Begin(WalRecordType.Tombstones);
        foreach ((ulong series, long min, long max) in stones)
            TombstoneRecord.Write(_commit, new SeriesRef(series), min, max);
        _commit.End();
        WriteCommit(writer);
    }

    private void WriteExemplars(WalWriter writer, params (ulong Series, long Time)[] exemplars)
    {
        _commit.Clear();
        _commit.Begin(WalRecordType.Exemplars);
        (SeriesRef, long) first = (new SeriesRef(exemplars[0].Series), exemplars[0].Time);
        ExemplarRecord.WriteHead(_commit, first.Item1, first.Item2);
        foreach ((ulong series, long time) in exemplars)
            ExemplarRecord.Write(_commit, first, new SeriesRef(series), time, 1, Labels.FromStrings("trace_id", "x").Packed);
        _commit.End();
        WriteCommit(writer);
    }

    private void WriteMetadata(WalWriter writer, params (ulong Series, string Help)[] entries)
    {
        _commit.Clear();
        _commit.Begin(WalRecordType.Metadata);
        foreach ((ulong series, string help) in entries)
            MetadataRecord.Write(_commit, new SeriesRef(series), 1, "s"u8, System.Text.Encoding.UTF8.GetBytes(help));
        _commit.End();
        WriteCommit(writer);
    }

    private void WriteHistograms(WalWriter writer, params (ulong Series, long Time, bool IsCustom)[] rows)
    {
        _commit.Clear();
        HistogramRecords.Encode(
            _commit,
            [.. rows.Select(row => new SeriesRef(row.Series))],
            [.. rows.Select(row => row.Time)],
            [.. rows.Select(row => new Histogram { Schema = row.IsCustom ? HistogramSchema.CustomBuckets : 1 })]);
        WriteCommit(writer);
    }

    private static string[] Describe(IStorageDirectory directory, bool isReplay = false)
    {
        var lines = new List<string>();
        WalRange[] ranges = [new WalRange(directory)];
        if (isReplay && WalCheckpoints.FindLast(directory) is { } checkpoint)
            ranges = [new WalRange(WalCheckpoints.Open(directory, checkpoint)), new WalRange(directory, checkpoint + 1)];
        using var reader = new WalReader(ranges);
        while (reader.TryRead(out ReadOnlySpan<byte> record))
            Describe(record, lines);
        return [.. lines];
    }

    private static void Describe(ReadOnlySpan<byte> record, List<string> lines)
    {
        switch (WalRecord.TypeOf(record))
        {
            case WalRecordType.Series:
                for (var series = new SeriesRecord(record); series.MoveNext();)
                    lines.Add($"series {series.Series.Value}");
                break;
            case WalRecordType.Samples:
                var samples = new WalSamples();
                SampleRecords.Decode(record, samples);
                for (int i = 0; i < samples.Count; i++)
                    lines.Add($"sample {samples.Series[i].Value}@{samples.TimesMs[i]}");
                break;
            case WalRecordType.Tombstones:
                for (var stone = new TombstoneRecord(record); stone.MoveNext();)
                    lines.Add($"tombstone {stone.Series.Value} {stone.MinTimeMs}-{stone.MaxTimeMs}");
                break;
            case WalRecordType.Exemplars:
                for (var exemplar = new ExemplarRecord(record); exemplar.MoveNext();)
                    lines.Add($"exemplar {exemplar.Series.Value}@{exemplar.TimeMs}");
                break;
            case WalRecordType.Metadata:
                for (var metadata = new MetadataRecord(record); metadata.MoveNext();)
                    lines.Add($"metadata {metadata.Series.Value} {System.Text.Encoding.UTF8.GetString(metadata.Help)}");
                break;
            default:
                var histograms = new WalHistograms<Histogram>();
                HistogramRecords.Decode(record, histograms);
                for (int i = 0; i < histograms.Count; i++)
                    lines.Add($"histogram {histograms.Series[i].Value}@{histograms.TimesMs[i]}");
                break;
        }
    }
}
