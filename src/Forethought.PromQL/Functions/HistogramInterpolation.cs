using Forethought.Model;
using Forethought.PromQL.Execution;
using Forethought.PromQL.Syntax;

namespace Forethought.PromQL.Functions;

/// <summary>Native histograms at times at which there is no sample, on the line between two samples. Results are copies.</summary>
internal sealed class HistogramInterpolation(Annotator annotator, PositionRange position)
{
    /// <summary>The histogram at the left end of a window; null if exponential and custom buckets meet.</summary>
    public FloatHistogram? Left(
        ReadOnlySpan<FloatHistogram> histograms, ReadOnlySpan<long> times, ExtendedWindow window, long startMs, bool smoothed, bool isCounter)
    {
        int first = window.First;
        return smoothed && times[first] < startMs
            ? At(startMs, histograms[first], times[first], histograms[first + 1], times[first + 1], isCounter)
            : histograms[first].Clone();
    }

    /// <summary>The histogram at the right end of a window; null if exponential and custom buckets meet.</summary>
    public FloatHistogram? Right(
        ReadOnlySpan<FloatHistogram> histograms, ReadOnlySpan<long> times, ExtendedWindow window, long endMs, bool smoothed, bool isCounter)
    {
        int last = window.Last;
        return smoothed && last > 0 && times[last] > endMs
            ? At(endMs, histograms[last - 1], times[last - 1], histograms[last], times[last], isCounter)
            : histograms[last].Clone();
    }

    /// <summary>
    /// The histogram at a time between two samples; a counter that was reset between them is taken to have been empty. Null if
    /// exponential and custom buckets meet.
    /// </summary>
    public FloatHistogram? At(long timeMs, FloatHistogram previous, long previousMs, FloatHistogram next, long nextMs, bool isCounter)
    {
        if (timeMs == previousMs)
            return previous.Clone();
        FloatHistogram result = next.Clone();
        if (timeMs == nextMs)
            return result;
        double fraction = (double)(timeMs - previousMs) / (nextMs - previousMs);
        if (isCounter && HistogramResets.IsReset(next, previous))
        {
            result.Multiply(fraction);
            return result;
        }

        if (!Report(HistogramAddition.Subtract(result, previous), "subtraction"))
            return null;
        result.Multiply(fraction);
        return Report(HistogramAddition.Add(result, previous), "addition") ? result : null;
    }

    private bool Report(HistogramMergeResult result, string operation)
    {
        if ((result & HistogramMergeResult.BoundsReconciled) != 0)
            annotator.CustomBucketsReconciled(operation, position);
        return (result & HistogramMergeResult.Incompatible) == 0;
    }
}
