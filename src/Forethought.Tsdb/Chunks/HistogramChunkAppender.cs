using Forethought.Encoding;
using Forethought.Model;
using Forethought.Tsdb.Memory;

namespace Forethought.Tsdb.Chunks;

/// <summary>
/// Appends native histograms to open chunks, by upstream's rules: buckets that are new make the chunk be written anew, empty ones
/// that are missing are filled in, a counter reset or another layout needs a new chunk. One appender serves all series of a shard,
/// under its lock; a failure leaves the chunk as it was.
/// </summary>
/// <typeparam name="TNumbers">Integer or float counts: samples must have been loaded from that kind of histogram.</typeparam>
internal sealed class HistogramChunkAppender<TNumbers>(BufferTable buffers)
    where TNumbers : struct, IHistogramNumbers
{
    private readonly OpenHistogramImage<TNumbers> _open = new();
    private readonly OpenHistogramImage<TNumbers> _next = new();
    private readonly HistogramSample _old = new();
    private readonly HistogramTracking _oldTracking = new();
    private readonly BucketMerge _positive = new();
    private readonly BucketMerge _negative = new();
    private ulong[] _chunkCounts = [];
    private ulong[] _sampleCounts = [];

    /// <summary>Starts the first chunk of a series. The state must be empty.</summary>
    /// <param name="chunk">The empty state.</param>
    /// <param name="timeMs">The sample's time.</param>
    /// <param name="sample">The chunk's first sample.</param>
    /// <param name="hasStartTimes">Whether the encoding is the one with start timestamps; a chunk that follows has the same.</param>
    /// <exception cref="NativeMemoryException">There is no memory; the state is still empty.</exception>
    public void Start(ref HistogramChunkState chunk, long timeMs, HistogramSample sample, bool hasStartTimes = false)
    {
        CounterResetHint hint = sample.CounterResetHint;
        _next.Begin(hint == CounterResetHint.NotCounterReset ? CounterResetHint.Unknown : hint, hasStartTimes);
        Replace(ref chunk, timeMs, sample);
    }

    /// <summary>
    /// Replaces a chunk, whose bytes the caller has copied, by one that begins with this sample and says whether a counter reset
    /// lies between the two.
    /// </summary>
    /// <param name="chunk">The chunk to be replaced.</param>
    /// <param name="timeMs">The sample's time.</param>
    /// <param name="sample">The new chunk's first sample.</param>
    /// <param name="isFull">Whether the chunk is replaced for its size, not because <see cref="Append"/> asked for it.</param>
    /// <exception cref="NativeMemoryException">There is no memory; the chunk is as it was.</exception>
    public void StartNext(ref HistogramChunkState chunk, long timeMs, HistogramSample sample, bool isFull)
    {
        _open.Load(buffers, chunk);
        CounterResetHint header = CounterResetHint.Gauge;
        if (sample.CounterResetHint != CounterResetHint.Gauge)
        {
            header = isFull && sample.CounterResetHint == CounterResetHint.CounterReset
                ? CounterResetHint.CounterReset
                : TNumbers.HeaderAfter(CheckCounter(sample), isFull);
        }

        _next.Begin(header, _open.HasStartTimes);
        Replace(ref chunk, timeMs, sample);
    }

    /// <summary>Appends a sample that is later than the chunk's last one. The sample may be rearranged.</summary>
    /// <exception cref="NativeMemoryException">There is no memory; the chunk is as it was.</exception>
    public HistogramAppendOutcome Append(ref HistogramChunkState chunk, long timeMs, HistogramSample sample)
    {
        _open.Load(buffers, chunk);
        bool isGauge = sample.CounterResetHint == CounterResetHint.Gauge;
        HistogramFit fit = isGauge ? CheckGauge(sample) : CheckCounter(sample);
        if (fit != HistogramFit.Fits || _open.Samples == HistogramChunkHeader.MaxSamples(_open.HasStartTimes))
            return HistogramAppendOutcome.NeedsNewChunk;
        if (!sample.IsStale && (_positive.HasNew || _negative.HasNew))
        {
            Recode(ref chunk, timeMs, sample, isGauge);
            return HistogramAppendOutcome.Recoded;
        }

        if (!sample.IsStale)
        {
            FillIn(sample.Positive, _open.Layout.Positive, _positive);
            FillIn(sample.Negative, _open.Layout.Negative, _negative);
        }

        _open.Append(timeMs, sample);
        _open.StoreAppended(buffers, chunk);
        return HistogramAppendOutcome.Appended;
    }

    /// <summary>
    /// Whether the chunk's last sample has the same values; the layout of buckets may differ as long as only empty ones are added.
    /// </summary>
    public bool LastEquals(HistogramChunkState chunk, HistogramSample sample)
    {
        _open.Load(buffers, chunk);
        HistogramTracking last = _open.Tracking;
        if (last.Sum.Value != BitConverter.DoubleToUInt64Bits(sample.Sum))
            return false;
        if (sample.IsStale)
            return true;
        return last.Count.Value == sample.Count
            && last.ZeroCount.Value == sample.ZeroCount
            && HasLayoutOf(sample)
            && HasBucketsOf(last.Positive, _open.Layout.Positive, sample.Positive, _positive)
            && HasBucketsOf(last.Negative, _open.Layout.Negative, sample.Negative, _negative);
    }

    private static void FillIn(HistogramBuckets sample, HistogramBuckets chunk, BucketMerge merge)
    {
        if (merge.HasMissing)
            sample.Rearrange<TNumbers>(chunk.Spans, merge.FromSample);
    }

    /// <summary>Puts the chunk that was begun, with a first sample, in the place of the old one.</summary>
    private void Replace(ref HistogramChunkState chunk, long timeMs, HistogramSample sample)
    {
        _next.Append(timeMs, sample);
        Publish(ref chunk);
    }

    private void Publish(ref HistogramChunkState chunk)
    {
        HistogramChunkState replaced = chunk;
        chunk = _next.Store(buffers);
        replaced.Free(buffers);
    }

    /// <summary>How a counter histogram relates to the open chunk; compares the buckets if it gets that far.</summary>
    private HistogramFit CheckCounter(HistogramSample sample)
    {
        if (_open.ResetHeader == CounterResetHint.Gauge)
            return HistogramFit.OtherType;
        if (sample.CounterResetHint == CounterResetHint.CounterReset)
            return HistogramFit.Reset;
        if (sample.IsStale)
            return HistogramFit.Fits;
        if (_open.IsStale)
            return HistogramFit.OtherLayout;
        if (TNumbers.IsCountLower(sample.Count, _open.Tracking.Count.Value))
            return HistogramFit.Reset;
        if (!HasScaleOf(sample))
            return HistogramFit.OtherLayout;
        if (!HasBoundsOf(sample) || TNumbers.IsCountLower(sample.ZeroCount, _open.Tracking.ZeroCount.Value))
            return HistogramFit.Reset;
        CompareBuckets(sample);
        return IsReset(_open.Tracking.Positive, sample.Positive, _positive) || IsReset(_open.Tracking.Negative, sample.Negative, _negative)
            ? HistogramFit.Reset
            : HistogramFit.Fits;
    }

    private HistogramFit CheckGauge(HistogramSample sample)
    {
        if (_open.ResetHeader != CounterResetHint.Gauge)
            return HistogramFit.OtherType;
        if (sample.IsStale)
            return HistogramFit.Fits;
        if (_open.IsStale || !HasLayoutOf(sample))
            return HistogramFit.OtherLayout;
        CompareBuckets(sample);
        return HistogramFit.Fits;
    }

    private bool HasLayoutOf(HistogramSample sample) => HasScaleOf(sample) && HasBoundsOf(sample);

    private bool HasScaleOf(HistogramSample sample) =>
        sample.Schema == _open.Layout.Schema && sample.ZeroThreshold == _open.Layout.ZeroThreshold;

    private bool HasBoundsOf(HistogramSample sample) =>
        !HistogramSchema.IsCustomBuckets(sample.Schema) || sample.CustomValues.SequenceEqual(_open.Layout.CustomValues);

    private void CompareBuckets(HistogramSample sample)
    {
        _positive.Compare(_open.Layout.Positive.Spans, sample.Positive.Spans);
        _negative.Compare(_open.Layout.Negative.Spans, sample.Negative.Spans);
    }

    /// <summary>Whether a bucket has become smaller, or one that was in use is gone.</summary>
    private bool IsReset(ReadOnlySpan<TrackedValue> chunk, HistogramBuckets sample, BucketMerge merge)
    {
        ReadOnlySpan<ulong> before = Absolute(chunk, ref _chunkCounts);
        ReadOnlySpan<ulong> now = Absolute(sample.Values, ref _sampleCounts);
        ReadOnlySpan<int> fromChunk = merge.FromChunk;
        ReadOnlySpan<int> fromSample = merge.FromSample;
        for (int i = 0; i < fromChunk.Length; i++)
        {
            if (fromChunk[i] < 0)
                continue;
            ulong was = before[fromChunk[i]];
            if (fromSample[i] < 0 ? !TNumbers.IsZero(was) : TNumbers.IsBucketLower(now[fromSample[i]], was))
                return true;
        }

        return false;
    }

    private bool HasBucketsOf(ReadOnlySpan<TrackedValue> chunk, HistogramBuckets layout, HistogramBuckets sample, BucketMerge merge)
    {
        merge.Compare(layout.Spans, sample.Spans);
        ReadOnlySpan<ulong> before = Absolute(chunk, ref _chunkCounts);
        ReadOnlySpan<ulong> now = Absolute(sample.Values, ref _sampleCounts);
        for (int i = 0; i < merge.FromChunk.Length; i++)
        {
            int inChunk = merge.FromChunk[i];
            int inSample = merge.FromSample[i];
            if ((inChunk < 0 ? 0 : before[inChunk]) != (inSample < 0 ? 0 : now[inSample]))
                return false;
        }

        return true;
    }

    private static ReadOnlySpan<ulong> Absolute(ReadOnlySpan<TrackedValue> stored, ref ulong[] scratch)
    {
        if (scratch.Length < stored.Length)
            scratch = new ulong[2 * stored.Length];
        for (int i = 0; i < stored.Length; i++)
            scratch[i] = stored[i].Value;
        Span<ulong> absolute = scratch.AsSpan(0, stored.Length);
        TNumbers.ToAbsolute(absolute);
        return absolute;
    }

    private static ReadOnlySpan<ulong> Absolute(ReadOnlySpan<ulong> stored, ref ulong[] scratch)
    {
        if (scratch.Length < stored.Length)
            scratch = new ulong[2 * stored.Length];
        stored.CopyTo(scratch);
        Span<ulong> absolute = scratch.AsSpan(0, stored.Length);
        TNumbers.ToAbsolute(absolute);
        return absolute;
    }

    /// <summary>
    /// Writes the chunk anew with the buckets of both. The sample's own spans are kept where it lacks none of the chunk's buckets; a
    /// gauge gets merged spans on both sides if it lacks any, as upstream does it.
    /// </summary>
    private void Recode(ref HistogramChunkState chunk, long timeMs, HistogramSample sample, bool isGauge)
    {
        bool isAnyMissing = _positive.HasMissing || _negative.HasMissing;
        HistogramSpan[] positive = (isGauge ? isAnyMissing : _positive.HasMissing) ? [.. _positive.Spans] : sample.Positive.Spans.ToArray();
        HistogramSpan[] negative = (isGauge ? isAnyMissing : _negative.HasMissing) ? [.. _negative.Spans] : sample.Negative.Spans.ToArray();
        sample.Positive.Rearrange<TNumbers>(positive, _positive.FromSample);
        sample.Negative.Rearrange<TNumbers>(negative, _negative.FromSample);
        _next.Begin(_open.ResetHeader, _open.HasStartTimes);
        var starts = new StartTimeReader(_open.StartHeader ?? 0);
        var reader = new BitReader(chunk.Chunk(buffers)[HistogramChunkHeader.Bytes..]);
        for (int i = 0; i < _open.Samples; i++)
        {
            if (i == 0)
            {
                HistogramCodec<TNumbers>.ReadFirst(ref reader, _old, _oldTracking);
                starts.ReadFirst(ref reader, _oldTracking.TimeMs);
            }
            else
            {
                long previousTime = _oldTracking.TimeMs;
                HistogramCodec<TNumbers>.ReadNext(ref reader, _oldTracking);
                starts.ReadNext(ref reader, i, previousTime);
            }

            LoadOld();
            _old.StartTimeMs = starts.StartMs;
            _old.Positive.Rearrange<TNumbers>(positive, _positive.FromChunk);
            _old.Negative.Rearrange<TNumbers>(negative, _negative.FromChunk);
            _next.Append(_oldTracking.TimeMs, _old);
        }

        _next.Append(timeMs, sample);
        Publish(ref chunk);
    }

    /// <summary>Makes a sample of the numbers that were read, in the chunk's old layout.</summary>
    private void LoadOld()
    {
        _old.Count = _oldTracking.Count.Value;
        _old.ZeroCount = _oldTracking.ZeroCount.Value;
        _old.Sum = BitConverter.UInt64BitsToDouble(_oldTracking.Sum.Value);
        Load(_old.Positive, _open.Layout.Positive, _oldTracking.Positive);
        Load(_old.Negative, _open.Layout.Negative, _oldTracking.Negative);
    }

    private static void Load(HistogramBuckets buckets, HistogramBuckets layout, ReadOnlySpan<TrackedValue> values)
    {
        buckets.SetSpans(layout.Spans);
        for (int i = 0; i < values.Length; i++)
            buckets.Values[i] = values[i].Value;
    }
}
