using Forethought.Encoding;
using Forethought.Model;

namespace Forethought.Tsdb.Chunks;

/// <summary>
/// The samples of one chunk, decoded to be written anew: unlike a <see cref="SampleBatch"/> it keeps integer histograms as they are
/// stored. Reused for chunk after chunk; not thread-safe.
/// </summary>
internal sealed class ChunkRows
{
    // Of each histogram: count, zero count and sum, then, unless it is stale, the buckets, all as stored.
    private const int HeadNumbers = 3;

    private readonly SampleBatch _floats = new();
    private readonly HistogramSample _layout = new();
    private readonly HistogramTracking _tracking = new();
    private long[] _times = [];
    private long[] _starts = [];
    private int[] _firstNumbers = [];
    private ulong[] _numbers = [];
    private int _numberCount;
    private CounterResetHint _resetHeader;

    /// <summary>How the chunk is encoded.</summary>
    public ChunkEncoding Encoding { get; private set; }

    /// <summary>The number of samples.</summary>
    public int Count { get; private set; }

    /// <summary>The samples' times in milliseconds, in the chunk's order.</summary>
    public ReadOnlySpan<long> TimesMs => (IsFloats ? _floats.TimesMs : _times).AsSpan(0, Count);

    /// <summary>Whether the samples are floats and not histograms.</summary>
    public bool IsFloats => Encoding is ChunkEncoding.Xor or ChunkEncoding.Xor2;

    /// <summary>A sample's start timestamp in milliseconds, 0 for none.</summary>
    public long StartMs(int row) => IsFloats ? _floats.StartTimesMs?[row] ?? 0 : _starts[row];

    /// <summary>A float's value.</summary>
    public double Value(int row) => _floats.Values[row];

    /// <summary>
    /// Copies a histogram with its start timestamp and with the hint that a reader of the chunk sees; upstream knows none of a stale
    /// marker.
    /// </summary>
    public void LoadHistogram(int row, HistogramSample sample)
    {
        ReadOnlySpan<ulong> numbers = _numbers.AsSpan(_firstNumbers[row]);
        sample.StartTimeMs = _starts[row];
        sample.Count = numbers[0];
        sample.ZeroCount = numbers[1];
        sample.Sum = BitConverter.UInt64BitsToDouble(numbers[2]);
        if (sample.IsStale)
        {
            sample.CounterResetHint = CounterResetHint.Unknown;
            sample.DropBucketsIfStale();
            return;
        }

        sample.CounterResetHint = HistogramChunkHeader.HintOf(_resetHeader, row == 0);
        sample.Schema = _layout.Schema;
        sample.ZeroThreshold = _layout.ZeroThreshold;
        sample.SetCustomValues(_layout.CustomValues);
        numbers = numbers[HeadNumbers..];
        Load(sample.Positive, _layout.Positive.Spans, ref numbers);
        Load(sample.Negative, _layout.Negative.Spans, ref numbers);
    }

    /// <summary>Decodes a chunk; what was here before is forgotten.</summary>
    /// <param name="encoding">The chunk's encoding.</param>
    /// <param name="chunk">The chunk from its sample count on.</param>
    /// <exception cref="TsdbCorruptionException">The bytes are no chunk of that encoding; there are no samples then.</exception>
    public void Decode(ChunkEncoding encoding, ReadOnlySpan<byte> chunk)
    {
        Count = 0;
        Encoding = encoding;
        switch (encoding)
        {
            case ChunkEncoding.Histogram or ChunkEncoding.HistogramWithStartTimes:
                DecodeHistograms<IntegerHistogramNumbers>(chunk);
                break;
            case ChunkEncoding.FloatHistogram or ChunkEncoding.FloatHistogramWithStartTimes:
                DecodeHistograms<FloatHistogramNumbers>(chunk);
                break;
            default:
                _floats.Clear();
                ChunkDecoder.Decode(encoding, chunk, long.MinValue, long.MaxValue, _floats);
                Count = _floats.Count;
                break;
        }
    }

    private static void Load(HistogramBuckets side, ReadOnlySpan<HistogramSpan> spans, ref ReadOnlySpan<ulong> numbers)
    {
        side.SetSpans(spans);
        numbers[..side.Values.Length].CopyTo(side.Values);
        numbers = numbers[side.Values.Length..];
    }

    private void DecodeHistograms<TNumbers>(ReadOnlySpan<byte> chunk)
        where TNumbers : struct, IHistogramNumbers
    {
        bool hasStartTimes = Encoding == TNumbers.EncodingWithStartTimes;
        int samples = ChunkHeader.ReadSampleCount(chunk);
        if (hasStartTimes)
            samples &= HistogramChunkHeader.CountMaskWithStartTimes;

        // A histogram takes more than a bit: a count that the bytes cannot hold must not make room for itself.
        if (chunk.Length < HistogramChunkHeader.Bytes || samples > chunk.Length * 8)
            ChunkHeader.ThrowTruncated(chunk, $"{samples} histograms");
        _resetHeader = HistogramChunkHeader.Decode(chunk[hasStartTimes ? 0 : HistogramChunkHeader.FlagsOffset]);
        var starts = new StartTimeReader(hasStartTimes ? chunk[HistogramChunkHeader.FlagsOffset] : (byte)0);
        Reserve(samples);
        try
        {
            DecodeSamples<TNumbers>(new BitReader(chunk[HistogramChunkHeader.Bytes..]), samples, starts);
        }
        catch (InvalidDataException e)
        {
            TsdbCorruptionException.Throw(e.Message, chunk.Length, $"{samples} histograms", $"{chunk.Length} bytes");
        }

        Count = samples;
    }

    private void DecodeSamples<TNumbers>(BitReader reader, int samples, StartTimeReader starts)
        where TNumbers : struct, IHistogramNumbers
    {
        for (int row = 0; row < samples; row++)
        {
            if (row == 0)
            {
                HistogramCodec<TNumbers>.ReadFirst(ref reader, _layout, _tracking);
                starts.ReadFirst(ref reader, _tracking.TimeMs);
            }
            else
            {
                long previousTime = _tracking.TimeMs;
                HistogramCodec<TNumbers>.ReadNext(ref reader, _tracking);
                starts.ReadNext(ref reader, row, previousTime);
            }

            _times[row] = _tracking.TimeMs;
            _starts[row] = starts.StartMs;
            KeepNumbers(row);
        }
    }

    private void KeepNumbers(int row)
    {
        // Buckets of a sample that is not stale took a bit each, so this grows with the chunk's bytes and not with what it claims.
        ReadOnlySpan<TrackedValue> buckets = _tracking.Sum.Value == StaleMarker.Bits ? [] : _tracking.Buckets;
        int needed = _numberCount + HeadNumbers + buckets.Length;
        if (_numbers.Length < needed)
            Array.Resize(ref _numbers, Math.Max(needed, 2 * _numbers.Length));
        _firstNumbers[row] = _numberCount;
        _numbers[_numberCount++] = _tracking.Count.Value;
        _numbers[_numberCount++] = _tracking.ZeroCount.Value;
        _numbers[_numberCount++] = _tracking.Sum.Value;
        foreach (TrackedValue bucket in buckets)
            _numbers[_numberCount++] = bucket.Value;
    }

    private void Reserve(int samples)
    {
        _numberCount = 0;
        if (_times.Length >= samples)
            return;
        int capacity = Math.Max(samples, 2 * _times.Length);
        _times = new long[capacity];
        _starts = new long[capacity];
        _firstNumbers = new int[capacity];
    }
}
