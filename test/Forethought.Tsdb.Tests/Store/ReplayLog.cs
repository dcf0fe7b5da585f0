using Forethought.Model;
using Forethought.Storage;
using Forethought.Tsdb.Tests.Platform;
using Forethought.Tsdb.Tests.Wal;
using Forethought.Tsdb.Wal;

namespace Forethought.Tsdb.Tests.Store;

/// <summary>
/// A random log of all kinds of samples and, as a simple model, what a head that is replayed from it holds: of each series the
/// samples that are newer than all before, until the series leaves the head.
/// </summary>
internal sealed class ReplayLog(Random random, int seriesCount)
{
    private readonly List<byte[]> _records = [];
    private readonly Dictionary<ulong, int> _references = [];
    private readonly List<(long TimeMs, char Letter, int Number)>[] _samples = [.. Enumerable.Range(0, seriesCount).Select(_ => new List<(long, char, int)>())];
    private readonly RecordBuffer _buffer = new();
    private ulong _nextReference = 1;
    private long _clockMs = 1000;
    private int _number;
    private bool _isDamaged;

    public long UnknownSamples { get; private set; }

    public int Damages => _isDamaged ? 1 : 0;

    public static Labels LabelsOf(int series) => Labels.FromStrings("__name__", "mixed", "job", $"j{series}");

    /// <summary>The samples of a series as <see cref="MixedSamples.ReadMixedAsync"/> gives them.</summary>
    public string Expected(int series) => MixedSamples.Describe(_samples[series]);

    /// <summary>Names series for the first time or again, under new references.</summary>
    public void AddSeries(IEnumerable<int> series)
    {
        _buffer.Begin(WalRecordType.Series);
        foreach (int each in series)
        {
            ulong reference = _nextReference;
            _nextReference += (ulong)random.Next(1, 3);
            SeriesRecord.Write(_buffer, new SeriesRef(reference), LabelsOf(each).Packed);
            if (!_isDamaged)
                _references[reference] = each;
        }

        End();
    }

    /// <summary>Samples of some series, of one kind a record; some are late, some repeated, some of unknown series.</summary>
    public void AddSamples(int count)
    {
        char letter = MixedSamples.Letters[random.Next(3) == 0 ? random.Next(MixedSamples.Letters.Length) : 0];
        _clockMs += random.Next(0, 2000);
        var rows = new List<(SeriesRef Series, long TimeMs, int Number)>();
        ulong first = (ulong)random.NextInt64((long)_nextReference);
        for (int i = 0; i < count; i++)
        {
            ulong reference = random.Next(4) == 0 ? (ulong)random.NextInt64((long)_nextReference + 1) : first + (ulong)i;
            long time = random.Next(8) == 0 ? _clockMs - random.Next(0, 4000) : _clockMs + random.Next(0, 3);
            rows.Add((new SeriesRef(reference), time, ++_number));
            Apply(reference, time, letter, _number);
        }

        Encode(letter, rows);
    }

    /// <summary>Takes a series out of the head, under whatever references it has.</summary>
    public void AddLeaving()
    {
        ulong reference = (ulong)random.NextInt64(1, (long)_nextReference);
        _buffer.Begin(WalRecordType.Tombstones);
        TombstoneRecord.Write(_buffer, new SeriesRef(reference), long.MinValue, long.MaxValue);
        End();
        if (_isDamaged || !_references.TryGetValue(reference, out int series))
            return;
        foreach (ulong each in _references.Where(pair => pair.Value == series).Select(pair => pair.Key).ToArray())
            _references.Remove(each);
        _samples[series].Clear();
    }

    /// <summary>A record that ends too soon, behind an intact checksum: what follows is lost.</summary>
    public void AddDamage()
    {
        _records.Add([(byte)WalRecordType.Samples, 0, 0, 0]);
        _isDamaged = true;
    }

    /// <summary>Writes the log.</summary>
    public void WriteTo(MemoryDisk disk, int segmentPages)
    {
        using var writer = new WalWriter(disk.Log, WalFixture.Options(segmentPages, WalCompression.Snappy));
        foreach (byte[] record in _records)
            WalFixture.Write(writer, record);
        writer.Close();
    }

    private void Apply(ulong reference, long timeMs, char letter, int number)
    {
        if (_isDamaged)
            return;
        if (!_references.TryGetValue(reference, out int series))
            UnknownSamples++;
        else if (_samples[series].Count == 0 || timeMs > _samples[series][^1].TimeMs)
            _samples[series].Add((timeMs, letter, number));
    }

    private void Encode(char letter, List<(SeriesRef Series, long TimeMs, int Number)> rows)
    {
        SeriesRef[] series = [.. rows.Select(row => row.Series)];
        long[] times = [.. rows.Select(row => row.TimeMs)];
        if (letter is 'f' or 's')
        {
            SampleRecords.Encode(_buffer, series, times, [.. rows.Select(row => letter == 's' ? StaleMarker.Value : row.Number)]);
            Take();
        }
        else if (letter is 'h' or 'c')
        {
            HistogramRecords.Encode(_buffer, series, times, [.. rows.Select(row => MixedSamples.Integers(row.Number, letter == 'c'))]);
            Take();
        }
        else
        {
            HistogramRecords.Encode(_buffer, series, times, [.. rows.Select(row => MixedSamples.Floats(row.Number, letter == 'C'))]);
            Take();
        }
    }

    private void End()
    {
        _buffer.End();
        Take();
    }

    private void Take()
    {
        for (int i = 0; i < _buffer.Count; i++)
            _records.Add(_buffer[i].ToArray());
        _buffer.Clear();
    }
}
