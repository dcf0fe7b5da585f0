using System.Globalization;
using Forethought.Model;
using Forethought.PromQL.Syntax;

namespace Forethought.PromQL.Tests.Syntax;

/// <summary>Values of series notation in the form of the golden data.</summary>
internal static class SeriesText
{
    internal static string Format(SeriesValue value) =>
        value.Omitted ? "_"
        : value.Histogram is { } histogram ? Format(histogram)
        : value.Value.ToString("F6", CultureInfo.InvariantCulture);

    private static string Format(FloatHistogram histogram)
    {
        // Without its zero bucket the histogram lists the bounds as they are, not cut where the zero bucket begins.
        FloatHistogram open = histogram.Clone();
        (open.ZeroThreshold, open.ZeroCount) = (0, 0);
        var buckets = new List<HistogramBucket>();
        open.CopyBucketsTo(buckets);
        var zero = new HistogramBucket(-histogram.ZeroThreshold, histogram.ZeroThreshold, true, true, histogram.ZeroCount, 0);
        IEnumerable<HistogramBucket> all = [.. buckets.Where(bucket => bucket.Upper < 0), zero, .. buckets.Where(bucket => bucket.Upper > 0)];
        string[] parts =
        [
            $"count:{Number(histogram.Count)}",
            $"sum:{Number(histogram.Sum)}",
            .. all.Where(bucket => bucket.Count != 0).Select(Format),
        ];
        return "{" + string.Join(", ", parts) + "}";
    }

    private static string Format(HistogramBucket bucket)
    {
        char open = bucket.LowerInclusive ? '[' : '(';
        char close = bucket.UpperInclusive ? ']' : ')';
        return $"{open}{Number(bucket.Lower)},{Number(bucket.Upper)}{close}:{Number(bucket.Count)}";
    }

    private static string Number(double value) => NumberText.General(value);
}
