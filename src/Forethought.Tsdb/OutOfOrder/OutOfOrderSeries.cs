using Forethought.Model;
using Forethought.Tsdb.Chunks;
using Forethought.Tsdb.Compaction;
using Forethought.Tsdb.Tombstones;

namespace Forethought.Tsdb.OutOfOrder;

/// <summary>
/// The samples of one series that came out of order: a small buffer sorted by time, and the chunks that full buffers became. Chunks may
/// overlap one another. Under the lock of the series' shard.
/// </summary>
internal sealed class OutOfOrderSeries
{
    private const int FirstCapacity = 4;

    private readonly List<OutOfOrderChunk> _chunks = [];
    private long[] _timesMs = new long[FirstCapacity];
    private double[] _values = new double[FirstCapacity];

    // Null as a whole while there is none.
    private long[]? _startTimesMs;

    // A Histogram or FloatHistogram, null at floats; null as a whole while there is none.
    private object?[]? _histograms;

    /// <summary>Samples in the buffer.</summary>
    public int Buffered { get; private set; }

    /// <summary>Chunks, the buffer among them if it has samples.</summary>
    public int ChunkCount => _chunks.Count + (Buffered > 0 ? 1 : 0);

    /// <summary>
    /// Puts a sample into the buffer. False if the buffer has one of that time, whatever its value: of samples in chunks that is found
    /// out when they are read.
    /// </summary>
    /// <param name="timeMs">Its time.</param>
    /// <param name="value">Its value, if it is a float.</param>
    /// <param name="histogram">A <see cref="Histogram"/> or <see cref="FloatHistogram"/>, which is copied, or null.</param>
    /// <param name="startMs">Its start timestamp, 0 for none.</param>
    public bool TryInsert(long timeMs, double value, object? histogram, long startMs)
    {
        int place = PlaceOf(timeMs);
        if (place < Buffered && _timesMs[place] == timeMs)
            return false;
        if (histogram is not null)
            _histograms ??= new object?[_timesMs.Length];
        if (startMs != 0)
            _startTimesMs ??= new long[_timesMs.Length];
        if (Buffered == _timesMs.Length)
            Grow();
        MakeRoom(_timesMs, place);
        MakeRoom(_values, place);
        _timesMs[place] = timeMs;
        _values[place] = value;
        if (_histograms is not null)
        {
            MakeRoom(_histograms, place);
            _histograms[place] = histogram is null ? null : Copy(histogram);
        }

        if (_startTimesMs is not null)
        {
            MakeRoom(_startTimesMs, place);
            _startTimesMs[place] = startMs;
        }

        Buffered++;
        return true;
    }

    /// <summary>Adds a chunk as it is.</summary>
    public void Add(OutOfOrderChunk chunk) => _chunks.Add(chunk);

    /// <summary>Makes chunks of the buffer, one as long as the kind of samples does not change, and empties it.</summary>
    public void Seal(ChunkEncoder encoder)
    {
        EncodeBuffer(encoder, _chunks);
        DropBuffer();
    }

    /// <summary>Forgets the samples in the buffer.</summary>
    public void DropBuffer()
    {
        Buffered = 0;
        _histograms = null;
        _startTimesMs = null;
    }

    /// <summary>Whether there may be samples with minTimeMs ≤ t ≤ maxTimeMs.</summary>
    public bool Overlaps(long minTimeMs, long maxTimeMs)
    {
        foreach (OutOfOrderChunk chunk in _chunks)
        {
            if (chunk.Overlaps(minTimeMs, maxTimeMs))
                return true;
        }

        return IsBufferWanted(minTimeMs, maxTimeMs);
    }

    /// <summary>Adds the chunks that may have samples with minTimeMs ≤ t ≤ maxTimeMs, of the buffer copies, in the order in which they began.</summary>
    public void Collect(long minTimeMs, long maxTimeMs, ChunkEncoder encoder, List<OutOfOrderChunk> chunks)
    {
        foreach (OutOfOrderChunk chunk in _chunks)
        {
            if (chunk.Overlaps(minTimeMs, maxTimeMs))
                chunks.Add(chunk);
        }

        if (IsBufferWanted(minTimeMs, maxTimeMs))
            EncodeBuffer(encoder, chunks);
    }

    /// <summary>
    /// Adds the starts of the ranges of some length in which there are samples. A few samples may be ages apart: ranges between them are
    /// not counted through.
    /// </summary>
    /// <param name="rangeMs">The length.</param>
    /// <param name="starts">The starts.</param>
    /// <param name="batch">For what has to be decoded.</param>
    public void CollectRanges(long rangeMs, SortedSet<long> starts, SampleBatch batch)
    {
        foreach (OutOfOrderChunk chunk in _chunks)
        {
            long first = BlockRanges.StartOf(chunk.MinTimeMs, rangeMs);
            starts.Add(first);
            if (BlockRanges.StartOf(chunk.MaxTimeMs, rangeMs) == first)
                continue;
            batch.Clear();
            ChunkDecoder.Decode(chunk.Encoding, chunk.Bytes, long.MinValue, long.MaxValue, batch);
            AddStarts(batch.TimesMs.AsSpan(0, batch.Count), rangeMs, starts);
        }

        AddStarts(_timesMs.AsSpan(0, Buffered), rangeMs, starts);
    }

    private static void AddStarts(ReadOnlySpan<long> timesMs, long rangeMs, SortedSet<long> starts)
    {
        foreach (long timeMs in timesMs)
            starts.Add(BlockRanges.StartOf(timeMs, rangeMs));
    }

    /// <summary>Adds the times of the samples with minTimeMs ≤ t ≤ maxTimeMs.</summary>
    /// <exception cref="TsdbCorruptionException">A chunk is damaged.</exception>
    public void CollectTimes(long minTimeMs, long maxTimeMs, ChunkRows scratch, TimeIntervals times)
    {
        foreach (OutOfOrderChunk chunk in _chunks)
        {
            if (!chunk.Overlaps(minTimeMs, maxTimeMs))
                continue;
            scratch.Decode(chunk.Encoding, chunk.Bytes);
            AddWithin(scratch.TimesMs, minTimeMs, maxTimeMs, times);
        }

        AddWithin(_timesMs.AsSpan(0, Buffered), minTimeMs, maxTimeMs, times);
    }

    /// <summary>Forgets the samples of some times; chunks that have any are made anew.</summary>
    /// <exception cref="TsdbCorruptionException">A chunk is damaged; nothing was forgotten.</exception>
    public void Remove(ReadOnlySpan<TimeInterval> times, ChunkDeletion deletion)
    {
        var left = new List<OutOfOrderChunk>(_chunks.Count);
        foreach (OutOfOrderChunk chunk in _chunks)
        {
            if (!deletion.Apply(new SourceChunk(chunk.MinTimeMs, chunk.MaxTimeMs, chunk.Encoding, chunk.Bytes), times))
            {
                left.Add(chunk);
                continue;
            }

            for (int i = 0; i < deletion.Count; i++)
                left.Add(new OutOfOrderChunk(deletion[i].MinTimeMs, deletion[i].MaxTimeMs, deletion[i].Encoding, deletion[i].Bytes.ToArray()));
        }

        _chunks.Clear();
        _chunks.AddRange(left);
        RemoveFromBuffer(times);
    }

    private static void AddWithin(ReadOnlySpan<long> found, long minTimeMs, long maxTimeMs, TimeIntervals times)
    {
        foreach (long timeMs in found)
        {
            if (timeMs >= minTimeMs && timeMs <= maxTimeMs)
                times.Add(new TimeInterval(timeMs, timeMs));
        }
    }

    private void RemoveFromBuffer(ReadOnlySpan<TimeInterval> times)
    {
        int kept = 0;
        for (int i = 0; i < Buffered; i++)
        {
            if (TimeIntervals.Touch(times, _timesMs[i], _timesMs[i]))
                continue;
            _timesMs[kept] = _timesMs[i];
            _values[kept] = _values[i];
            if (_histograms is not null)
                _histograms[kept] = _histograms[i];
            if (_startTimesMs is not null)
                _startTimesMs[kept] = _startTimesMs[i];
            kept++;
        }

        Buffered = kept;
        if (kept == 0)
            DropBuffer();
    }

    private static object Copy(object histogram)
    {
        if (histogram is Histogram integers)
        {
            var copy = new Histogram();
            integers.CopyTo(copy);
            return copy;
        }

        var floats = new FloatHistogram();
        ((FloatHistogram)histogram).CopyTo(floats);
        return floats;
    }

    private bool IsBufferWanted(long minTimeMs, long maxTimeMs) =>
        Buffered > 0 && _timesMs[0] <= maxTimeMs && minTimeMs <= _timesMs[Buffered - 1];

    // Most samples out of order are in order among themselves.
    private int PlaceOf(long timeMs)
    {
        if (Buffered == 0 || timeMs > _timesMs[Buffered - 1])
            return Buffered;
        int found = _timesMs.AsSpan(0, Buffered).BinarySearch(timeMs);
        return found < 0 ? ~found : found;
    }

    private void MakeRoom<T>(T[] column, int place) =>
        column.AsSpan(place, Buffered - place).CopyTo(column.AsSpan(place + 1));

    private void Grow()
    {
        Array.Resize(ref _timesMs, 2 * Buffered);
        Array.Resize(ref _values, 2 * Buffered);
        if (_histograms is not null)
            Array.Resize(ref _histograms, 2 * Buffered);
        if (_startTimesMs is not null)
            Array.Resize(ref _startTimesMs, 2 * Buffered);
    }

    private void EncodeBuffer(ChunkEncoder encoder, List<OutOfOrderChunk> chunks)
    {
        encoder.Start(ChunkEncoderRules.Keeping(ChunkEncoding.Xor));
        for (int i = 0; i < Buffered; i++)
        {
            long startMs = _startTimesMs?[i] ?? 0;
            switch (_histograms?[i])
            {
                case Histogram integers:
                    encoder.AppendHistogram(_timesMs[i], integers, startMs);
                    break;
                case FloatHistogram floats:
                    encoder.AppendHistogram(_timesMs[i], floats, startMs);
                    break;
                default:
                    encoder.AppendFloat(_timesMs[i], _values[i], startMs);
                    break;
            }
        }

        encoder.Complete();
        foreach (EncodedChunk chunk in encoder.Finished)
            chunks.Add(new OutOfOrderChunk(chunk.MinTimeMs, chunk.MaxTimeMs, chunk.Encoding, encoder.BytesOf(chunk).ToArray()));
    }
}
