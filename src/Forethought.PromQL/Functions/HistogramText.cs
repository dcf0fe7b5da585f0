using System.Text;
using Forethought.Model;

using Forethought.PromQL.Syntax;

namespace Forethought.PromQL.Functions;

/// <summary>Native histograms as text: <c>{count:3, sum:4, (1,2]:3}</c>.</summary>
internal static class HistogramText
{
    public static string Format(FloatHistogram histogram)
    {
        var buckets = new List<HistogramBucket>();
        histogram.CopyBucketsTo(buckets);
        var text = new StringBuilder();
        text.Append("{count:").Append(NumberText.General(histogram.Count)).Append(", sum:").Append(NumberText.General(histogram.Sum));
        foreach (HistogramBucket bucket in buckets)
        {
            if (bucket.Count == 0)
                continue;
            text.Append(", ").Append(bucket.LowerInclusive ? '[' : '(')
                .Append(NumberText.General(bucket.Lower)).Append(',').Append(NumberText.General(bucket.Upper))
                .Append(bucket.UpperInclusive ? ']' : ')')
                .Append(':').Append(NumberText.General(bucket.Count));
        }

        return text.Append('}').ToString();
    }
}
