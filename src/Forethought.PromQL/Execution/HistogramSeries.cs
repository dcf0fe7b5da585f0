namespace Forethought.PromQL.Execution;

/// <summary>The rows of one histogram: the classic buckets with the same labels but <c>le</c>, and the native series with those labels.</summary>
internal sealed class HistogramSeries
{
    /// <summary>Rows of classic buckets with their bounds, sorted by bound once complete.</summary>
    public List<(double UpperBound, SeriesRow Row)> Buckets { get; } = [];

    /// <summary>Rows with native histograms.</summary>
    public List<SeriesRow> Natives { get; } = [];
}
