using System.Runtime.InteropServices;

namespace Forethought.Model;

/// <summary>
/// Adds and subtracts native histograms whose layouts may differ: to the lower schema, to the larger zero bucket, or, with
/// custom bounds, to the bounds they share. The rules are those of Prometheus (model/histogram/float_histogram.go).
/// </summary>
public static class HistogramAddition
{
    [ThreadStatic]
    private static Scratch? _scratch;

    /// <summary>Adds <paramref name="other"/> to <paramref name="target"/>; <paramref name="other"/> is not changed.</summary>
    public static HistogramMergeResult Add(FloatHistogram target, FloatHistogram other) => Merge(target, other, 1, null);

    /// <summary>
    /// Subtracts <paramref name="other"/> from <paramref name="target"/>. The counter-reset hint is adjusted as in an addition;
    /// for the operator <c>-</c> the caller sets the gauge hint.
    /// </summary>
    public static HistogramMergeResult Subtract(FloatHistogram target, FloatHistogram other) => Merge(target, other, -1, null);

    /// <summary>
    /// Adds with compensated summation. <paramref name="compensation"/> is null at first and then the histogram that the previous
    /// call left there; the exact sum is target + compensation, to be had by <see cref="Add"/>.
    /// </summary>
    public static HistogramMergeResult AddCompensated(FloatHistogram target, FloatHistogram other, ref FloatHistogram? compensation)
    {
        if (target.UsesCustomBuckets != other.UsesCustomBuckets)
            return HistogramMergeResult.Incompatible;
        compensation ??= EmptyLike(target);
        return Merge(target, other, 1, compensation);
    }

    /// <summary>Removes empty buckets of a histogram (and of its compensation, bucket for bucket) and joins adjacent spans.</summary>
    internal static void Compact(FloatHistogram histogram, FloatHistogram? compensation)
    {
        CompactSide(histogram, compensation, positive: true);
        CompactSide(histogram, compensation, positive: false);
    }

    private static HistogramMergeResult Merge(FloatHistogram target, FloatHistogram other, double sign, FloatHistogram? compensation)
    {
        if (target.UsesCustomBuckets != other.UsesCustomBuckets)
            return HistogramMergeResult.Incompatible;
        HistogramMergeResult result = AdjustHint(target, other);
        if (!target.UsesCustomBuckets)
            AddZeroBuckets(target, other, sign, compensation);
        (double count, double sum) = (sign * other.Count, sign * other.Sum);
        if (compensation is null)
        {
            target.Count += count;
            target.Sum += sum;
        }
        else
        {
            (target.Count, compensation.Count) = Compensated(count, target.Count, compensation.Count);
            (target.Sum, compensation.Sum) = Compensated(sum, target.Sum, compensation.Sum);
        }

        if (target.UsesCustomBuckets && !target.CustomValues.AsSpan().SequenceEqual(other.CustomValues))
        {
            MergeMismatchedBounds(target, other, sign, compensation);
            return result | HistogramMergeResult.BoundsReconciled;
        }

        int schema = Math.Min(target.Schema, other.Schema);
        MergeSide(target, other, schema, sign, compensation, positive: true);
        if (!target.UsesCustomBuckets)
            MergeSide(target, other, schema, sign, compensation, positive: false);
        target.Schema = schema;
        if (compensation is not null)
            (compensation.Schema, compensation.ZeroThreshold) = (schema, target.ZeroThreshold);
        return result;
    }

    private static void MergeSide(
        FloatHistogram target, FloatHistogram other, int schema, double sign, FloatHistogram? compensation, bool positive)
    {
        (HistogramSpan[] spans, double[] counts) = Side(target, positive);
        (HistogramSpan[] otherSpans, double[] otherCounts) = Side(other, positive);
        if (otherCounts.Length == 0 && target.Schema == schema)
            return;
        bool compensated = compensation is not null;
        double[] compensations = compensated ? Side(compensation!, positive).Counts : [];
        bool sameLayout = target.Schema == other.Schema && SameSpans(spans, otherSpans) && counts.Length == otherCounts.Length;
        if (sameLayout && !LeadsBelow(target, otherSpans))
        {
            AddInPlace(counts, otherCounts, sign, compensations, compensated);
            return;
        }

        Scratch scratch = _scratch ??= new Scratch();
        scratch.Left.Load(spans, counts, compensations, target.Schema, schema, compensated);
        scratch.Right.Load(otherSpans, otherCounts, [], other.Schema, schema, compensated);
        if (!target.UsesCustomBuckets)
            scratch.Right.DropUpTo(target.ZeroThreshold, schema);
        scratch.Sum.SetSum(scratch.Left, scratch.Right, sign, compensated);
        StoreSide(target, compensation, scratch.Sum, positive);
    }

    // Spans have no padding, so their bytes decide.
    private static bool SameSpans(ReadOnlySpan<HistogramSpan> left, ReadOnlySpan<HistogramSpan> right) =>
        MemoryMarshal.AsBytes(left).SequenceEqual(MemoryMarshal.AsBytes(right));

    // Whether a side's first bucket lies within the target's zero bucket, so that it must not be added as it is.
    private static bool LeadsBelow(FloatHistogram target, HistogramSpan[] spans) =>
        !target.UsesCustomBuckets && spans.Length > 0 && target.ZeroThreshold > 0
        && HistogramBounds.Exponential(spans[0].Offset, target.Schema) <= target.ZeroThreshold;

    private static void AddInPlace(double[] counts, double[] otherCounts, double sign, double[] compensations, bool compensated)
    {
        for (int i = 0; i < counts.Length; i++)
        {
            if (compensated)
                KahanSum.Add(sign * otherCounts[i], ref counts[i], ref compensations[i]);
            else
                counts[i] += sign * otherCounts[i];
        }
    }

    private static void MergeMismatchedBounds(FloatHistogram target, FloatHistogram other, double sign, FloatHistogram? compensation)
    {
        double[] bounds = [.. target.CustomValues.Intersect(other.CustomValues)];
        Scratch scratch = _scratch ??= new Scratch();
        scratch.Sum.SetDense(bounds.Length + 1);
        double[] compensations = compensation?.PositiveBuckets ?? [];
        scratch.Sum.AccumulateCustom(target.PositiveSpans, target.PositiveBuckets, compensations, target.CustomValues, bounds, 1);
        scratch.Sum.AccumulateCustom(other.PositiveSpans, other.PositiveBuckets, [], other.CustomValues, bounds, sign);
        scratch.Sum.DropEmpty();
        StoreSide(target, compensation, scratch.Sum, positive: true);
        target.CustomValues = bounds;
        if (compensation is not null)
            compensation.CustomValues = bounds;
    }

    private static HistogramMergeResult AdjustHint(FloatHistogram target, FloatHistogram other)
    {
        if (target.CounterResetHint == other.CounterResetHint || target.CounterResetHint == CounterResetHint.Gauge)
            return HistogramMergeResult.Merged;
        if (other.CounterResetHint == CounterResetHint.Gauge)
        {
            target.CounterResetHint = CounterResetHint.Gauge;
            return HistogramMergeResult.Merged;
        }

        bool collision = target.CounterResetHint != CounterResetHint.Unknown && other.CounterResetHint != CounterResetHint.Unknown;
        target.CounterResetHint = CounterResetHint.Unknown;
        return collision ? HistogramMergeResult.CounterResetCollision : HistogramMergeResult.Merged;
    }

    private static void AddZeroBuckets(FloatHistogram target, FloatHistogram other, double sign, FloatHistogram? compensation)
    {
        double otherCount = other.ZeroCount;
        double otherThreshold = other.ZeroThreshold;
        double otherCompensation = 0;
        // Not "while they differ": a threshold that is no number differs for ever.
        while (otherThreshold < target.ZeroThreshold || otherThreshold > target.ZeroThreshold)
        {
            if (target.ZeroThreshold > otherThreshold)
                (otherCount, otherThreshold, otherCompensation) = HistogramZeroBucket.Widened(other, target.ZeroThreshold, null);
            if (otherThreshold > target.ZeroThreshold)
                HistogramZeroBucket.Widen(target, otherThreshold, compensation);
        }

        if (compensation is null)
        {
            target.ZeroCount += sign * otherCount;
            return;
        }

        (target.ZeroCount, compensation.ZeroCount) = Compensated(otherCount, target.ZeroCount, compensation.ZeroCount);
        (target.ZeroCount, compensation.ZeroCount) = Compensated(otherCompensation, target.ZeroCount, compensation.ZeroCount);
    }

    private static void CompactSide(FloatHistogram histogram, FloatHistogram? compensation, bool positive)
    {
        (HistogramSpan[] spans, double[] counts) = Side(histogram, positive);
        if (counts.Length == 0 && spans.Length == 0)
            return;
        if (spans.Length == 1 && Array.TrueForAll(counts, count => count != 0))
            return;
        Scratch scratch = _scratch ??= new Scratch();
        double[] compensations = compensation is null ? [] : Side(compensation, positive).Counts;
        scratch.Sum.Load(spans, counts, compensations, histogram.Schema, histogram.Schema, compensation is not null);
        scratch.Sum.DropEmpty();
        StoreSide(histogram, compensation, scratch.Sum, positive);
    }

    private static (HistogramSpan[] Spans, double[] Counts) Side(FloatHistogram histogram, bool positive) => positive
        ? (histogram.PositiveSpans, histogram.PositiveBuckets)
        : (histogram.NegativeSpans, histogram.NegativeBuckets);

    private static void StoreSide(FloatHistogram histogram, FloatHistogram? compensation, BucketList buckets, bool positive)
    {
        // Spans are shared between histograms, so they are replaced.
        HistogramSpan[] spans = [];
        double[] counts = Side(histogram, positive).Counts;
        buckets.Store(ref spans, ref counts);
        if (positive)
            (histogram.PositiveSpans, histogram.PositiveBuckets) = (spans, counts);
        else
            (histogram.NegativeSpans, histogram.NegativeBuckets) = (spans, counts);
        if (compensation is null)
            return;
        double[] compensations = Side(compensation, positive).Counts;
        buckets.StoreCompensations(ref compensations);
        if (positive)
            (compensation.PositiveSpans, compensation.PositiveBuckets) = (spans, compensations);
        else
            (compensation.NegativeSpans, compensation.NegativeBuckets) = (spans, compensations);
    }

    private static FloatHistogram EmptyLike(FloatHistogram histogram) => new()
    {
        CounterResetHint = histogram.CounterResetHint,
        Schema = histogram.Schema,
        ZeroThreshold = histogram.ZeroThreshold,
        CustomValues = histogram.CustomValues,
        PositiveSpans = histogram.PositiveSpans,
        NegativeSpans = histogram.NegativeSpans,
        PositiveBuckets = new double[histogram.PositiveBuckets.Length],
        NegativeBuckets = new double[histogram.NegativeBuckets.Length],
    };

    private static (double Sum, double Compensation) Compensated(double increment, double sum, double compensation)
    {
        KahanSum.Add(increment, ref sum, ref compensation);
        return (sum, compensation);
    }

    private sealed class Scratch
    {
        public BucketList Left { get; } = new();

        public BucketList Right { get; } = new();

        public BucketList Sum { get; } = new();
    }
}
