using Forethought.Encoding;
using Forethought.PromQL.Syntax;

namespace Forethought.PromQL.Execution;

/// <summary>
/// Adds the annotations of one operator to those of its query; the texts are upstream's (<c>util/annotations</c>).
/// </summary>
/// <param name="target">The query's annotations.</param>
/// <param name="order">Where the operator stands in upstream's order of evaluation: of equal texts the position of the last stays.</param>
internal sealed class Annotator(QueryAnnotations target, int order)
{
    private const string Warning = "PromQL warning: ";
    private const string Info = "PromQL info: ";

    public void InvalidQuantile(double quantile, PositionRange position) =>
        Warn($"quantile value should be between 0 and 1, got {NumberText.General(quantile)}", position);

    public void InvalidRatio(double ratio, double cappedTo, PositionRange position) =>
        Warn($"ratio value should be between -1 and 1, got {NumberText.General(ratio)}, capping to {NumberText.General(cappedTo)}", position);

    public void BadBucketLabel(string metricName, ReadOnlySpan<byte> label, PositionRange position) =>
        Warn($"bucket label \"le\" is missing or has a malformed value of {GoQuote.Quote(label)}{ForMetric(metricName)}", position);

    public void MixedFloatsHistograms(string metricName, PositionRange position) =>
        Warn($"encountered a mix of histograms and floats for metric name {GoQuote.Quote(metricName)}", position);

    public void MixedFloatsHistogramsInAggregation(PositionRange position) =>
        Warn("encountered a mix of histograms and floats for aggregation", position);

    public void MixedClassicNative(string metricName, PositionRange position) =>
        Warn($"vector contains a mix of classic and native histograms{ForMetric(metricName)}", position);

    public void NotCounterHistogram(string metricName, PositionRange position) =>
        Warn($"this native histogram metric is not a counter: {GoQuote.Quote(metricName)}", position);

    public void NotGaugeHistogram(string metricName, PositionRange position) =>
        Warn($"this native histogram metric is not a gauge: {GoQuote.Quote(metricName)}", position);

    public void MixedExponentialCustom(string metricName, PositionRange position) =>
        Warn($"vector contains a mix of histograms with exponential and custom buckets schemas for metric name {GoQuote.Quote(metricName)}", position);

    public void IncompatibleBucketLayout(string op, PositionRange position) =>
        Warn($"incompatible bucket layout encountered for binary operator {op}", position);

    public void SortInRangeQuery(PositionRange position) =>
        Warn("sort is ineffective for range queries since results are always ordered by labels", position);

    /// <param name="operation">addition, subtraction or aggregation.</param>
    /// <param name="position">Where.</param>
    public void CounterResetCollision(string operation, PositionRange position) =>
        Warn($"conflicting counter resets during histogram {operation}", position);

    public void StartTimeOverlap(string metricName, PositionRange position) =>
        Add(new StartTimeOverlapAnnotation(
            $"{Warning}sample has start time that overlaps with previous sample timestamp for metric {GoQuote.Quote(metricName)}", position));

    public void PossiblyNotCounter(string metricName, PositionRange position) =>
        Inform($"metric might not be a counter, name does not end in _total/_sum/_count/_bucket: {GoQuote.Quote(metricName)}", position);

    public void PossiblyNotCounterType(string metricName, string type, PositionRange position) => Inform(
        $"metric might not be a counter, __type__ label is not set to \"counter\" or \"histogram\", got {GoQuote.Quote(type)}: {GoQuote.Quote(metricName)}",
        position);

    public void ForcedMonotonicity(
        string metricName, PositionRange position, long timeMs, double minBucket, double maxBucket, double maxDifference) =>
        Add(new MonotonicityAnnotation(
            $"{Info}input to histogram_quantile needed to be fixed for monotonicity (see https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile){ForMetric(metricName)}",
            position, timeMs, minBucket, maxBucket, maxDifference));

    public void IncompatibleTypes(string left, string op, string right, PositionRange position) =>
        Inform($"incompatible sample types encountered for binary operator {GoQuote.Quote(op)}: {left} {op} {right}", position);

    public void HistogramIgnoredInAggregation(string aggregation, PositionRange position) =>
        Inform($"ignored histogram in {aggregation} aggregation", position);

    public void HistogramIgnoredInMixedRange(string metricName, PositionRange position) => Inform(
        $"ignored histograms in a range containing both floats and histograms for metric name {GoQuote.Quote(metricName)}", position);

    public void QuantileIsNaN(string metricName, PositionRange position) =>
        Inform($"input to histogram_quantile has NaN observations, result is NaN{ForMetric(metricName)}", position);

    public void QuantileIsSkewed(string metricName, PositionRange position) =>
        Inform($"input to histogram_quantile has NaN observations, result is skewed higher{ForMetric(metricName)}", position);

    public void FractionExcludesNaN(string metricName, PositionRange position) =>
        Inform($"input to histogram_fraction has NaN observations, which are excluded from all fractions{ForMetric(metricName)}", position);

    /// <param name="operation">addition, subtraction or aggregation.</param>
    /// <param name="position">Where.</param>
    public void CustomBucketsReconciled(string operation, PositionRange position) =>
        Inform($"mismatched custom buckets were reconciled during {operation}", position);

    private static string ForMetric(string metricName) =>
        metricName.Length == 0 ? "" : $" for metric name {GoQuote.Quote(metricName)}";

    private void Warn(string text, PositionRange position) => Add(new Annotation(isInfo: false, Warning + text, position));

    private void Inform(string text, PositionRange position) => Add(new Annotation(isInfo: true, Info + text, position));

    private void Add(Annotation annotation)
    {
        annotation.Order = order;
        target.Add(annotation);
    }
}
