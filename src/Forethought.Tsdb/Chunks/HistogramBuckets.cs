using Forethought.Model;

namespace Forethought.Tsdb.Chunks;

/// <summary>
/// The positive or negative side of a histogram in working form: spans, and the buckets as 64 bits each
/// (<see cref="IHistogramNumbers"/>). The arrays are longer than the counts and are reused. Not thread-safe.
/// </summary>
internal sealed class HistogramBuckets
{
    private HistogramSpan[] _spans = [];
    private int _spanCount;
    private ulong[] _values = [];
    private int _valueCount;

    public ReadOnlySpan<HistogramSpan> Spans => _spans.AsSpan(0, _spanCount);

    public Span<ulong> Values => _values.AsSpan(0, _valueCount);

    /// <summary>Takes over spans and makes room for their buckets, whose content is then unspecified.</summary>
    public void SetSpans(ReadOnlySpan<HistogramSpan> spans)
    {
        if (_spans.Length < spans.Length)
            _spans = new HistogramSpan[Math.Max(spans.Length, 2 * _spans.Length)];
        spans.CopyTo(_spans);
        _spanCount = spans.Length;
        SetCount(CountBuckets(spans));
    }

    /// <summary>Takes over spans and buckets.</summary>
    /// <exception cref="ArgumentException">The spans do not describe as many buckets.</exception>
    public void Set(ReadOnlySpan<HistogramSpan> spans, ReadOnlySpan<ulong> values)
    {
        SetSpans(spans);
        if (values.Length != _valueCount)
            throw new ArgumentException($"spans need {_valueCount} buckets, have {values.Length} buckets", nameof(values));
        values.CopyTo(_values);
    }

    public void Clear()
    {
        _spanCount = 0;
        _valueCount = 0;
    }

    /// <summary>
    /// Puts the buckets in the places of a merged layout: place i gets the bucket <paramref name="sources"/>[i], or zero if that is
    /// negative.
    /// </summary>
    public void Rearrange<TNumbers>(ReadOnlySpan<HistogramSpan> spans, ReadOnlySpan<int> sources)
        where TNumbers : struct, IHistogramNumbers
    {
        TNumbers.ToAbsolute(Values);
        ulong[] old = _values;
        _values = new ulong[sources.Length];
        for (int i = 0; i < sources.Length; i++)
            _values[i] = sources[i] < 0 ? 0 : old[sources[i]];
        SetSpans(spans);
        TNumbers.ToStored(Values);
    }

    public static int CountBuckets(ReadOnlySpan<HistogramSpan> spans)
    {
        long count = 0;
        foreach (HistogramSpan span in spans)
            count += span.Length;
        return checked((int)count);
    }

    private void SetCount(int count)
    {
        if (_values.Length < count)
            Array.Resize(ref _values, Math.Max(count, 2 * _values.Length));
        _valueCount = count;
    }
}
