using Forethought.Model;

namespace Forethought.PromQL.Execution;

/// <summary>The samples of one operand of a pair: a row's, or a fill value.</summary>
internal readonly record struct JoinSide(double[] Values, FloatHistogram?[]? Histograms)
{
    public JoinSide(SeriesRow row)
        : this(row.Values, row.Histograms)
    {
    }
}
