using System.Runtime.InteropServices;
using Forethought.Model;

namespace Forethought.Tsdb.Chunks;

/// <summary>
/// A native histogram in the form in which chunks are written and read, the same for integer and float counts. Holders are loaded
/// and reused. Not thread-safe.
/// </summary>
internal sealed class HistogramSample
{
    private double[] _customValues = [];
    private int _customValueCount;

    public CounterResetHint CounterResetHint { get; set; }

    public int Schema { get; set; }

    public double ZeroThreshold { get; set; }

    public ulong ZeroCount { get; set; }

    public ulong Count { get; set; }

    public double Sum { get; set; }

    public HistogramBuckets Positive { get; } = new();

    public HistogramBuckets Negative { get; } = new();

    public ReadOnlySpan<double> CustomValues => _customValues.AsSpan(0, _customValueCount);

    /// <summary>The start timestamp in milliseconds, 0 for none; loading a histogram takes it away. Only some chunks keep it.</summary>
    public long StartTimeMs { get; set; }

    public bool IsStale => StaleMarker.IsStale(Sum);

    /// <summary>Copies a histogram with integer counts.</summary>
    /// <exception cref="ArgumentException">Its spans and buckets contradict each other.</exception>
    public void Load(Histogram histogram)
    {
        LoadHead(histogram.CounterResetHint, histogram.Schema, histogram.ZeroThreshold, histogram.Sum, histogram.CustomValues);
        ZeroCount = histogram.ZeroCount;
        Count = histogram.Count;
        Positive.Set(histogram.PositiveSpans, MemoryMarshal.Cast<long, ulong>(histogram.PositiveBuckets.AsSpan()));
        Negative.Set(histogram.NegativeSpans, MemoryMarshal.Cast<long, ulong>(histogram.NegativeBuckets.AsSpan()));
        DropBucketsIfStale();
    }

    /// <summary>Copies a histogram with float counts.</summary>
    /// <exception cref="ArgumentException">Its spans and buckets contradict each other.</exception>
    public void Load(FloatHistogram histogram)
    {
        LoadHead(histogram.CounterResetHint, histogram.Schema, histogram.ZeroThreshold, histogram.Sum, histogram.CustomValues);
        ZeroCount = BitConverter.DoubleToUInt64Bits(histogram.ZeroCount);
        Count = BitConverter.DoubleToUInt64Bits(histogram.Count);
        Positive.Set(histogram.PositiveSpans, MemoryMarshal.Cast<double, ulong>(histogram.PositiveBuckets.AsSpan()));
        Negative.Set(histogram.NegativeSpans, MemoryMarshal.Cast<double, ulong>(histogram.NegativeBuckets.AsSpan()));
        DropBucketsIfStale();
    }

    /// <summary>A copy of a sample with integer counts.</summary>
    public Histogram ToHistogram() => new()
    {
        CounterResetHint = CounterResetHint,
        Schema = Schema,
        ZeroThreshold = ZeroThreshold,
        ZeroCount = ZeroCount,
        Count = Count,
        Sum = Sum,
        PositiveSpans = Positive.Spans.ToArray(),
        NegativeSpans = Negative.Spans.ToArray(),
        PositiveBuckets = MemoryMarshal.Cast<ulong, long>(Positive.Values).ToArray(),
        NegativeBuckets = MemoryMarshal.Cast<ulong, long>(Negative.Values).ToArray(),
        CustomValues = CustomValues.ToArray(),
    };

    /// <summary>A copy of a sample with float counts.</summary>
    public FloatHistogram ToFloatHistogram() => new()
    {
        CounterResetHint = CounterResetHint,
        Schema = Schema,
        ZeroThreshold = ZeroThreshold,
        ZeroCount = BitConverter.UInt64BitsToDouble(ZeroCount),
        Count = BitConverter.UInt64BitsToDouble(Count),
        Sum = Sum,
        PositiveSpans = Positive.Spans.ToArray(),
        NegativeSpans = Negative.Spans.ToArray(),
        PositiveBuckets = MemoryMarshal.Cast<ulong, double>(Positive.Values).ToArray(),
        NegativeBuckets = MemoryMarshal.Cast<ulong, double>(Negative.Values).ToArray(),
        CustomValues = CustomValues.ToArray(),
    };

    public void SetCustomValues(ReadOnlySpan<double> values)
    {
        if (_customValues.Length < values.Length)
            _customValues = new double[Math.Max(values.Length, 2 * _customValues.Length)];
        values.CopyTo(_customValues);
        _customValueCount = values.Length;
    }

    private void LoadHead(CounterResetHint hint, int schema, double zeroThreshold, double sum, ReadOnlySpan<double> customValues)
    {
        CounterResetHint = hint;
        StartTimeMs = 0;
        Schema = schema;
        ZeroThreshold = zeroThreshold;
        Sum = sum;
        SetCustomValues(customValues);
    }

    /// <summary>A stale marker has no layout, counts or buckets, whatever came with it.</summary>
    public void DropBucketsIfStale()
    {
        if (!IsStale)
            return;
        Schema = 0;
        ZeroThreshold = 0;
        ZeroCount = 0;
        Count = 0;
        _customValueCount = 0;
        Positive.Clear();
        Negative.Clear();
    }
}
