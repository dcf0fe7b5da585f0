using Forethought.PromQL.Execution;

namespace Forethought.PromQL.Functions;

/// <summary>
/// A function of a range vector: computes all steps of one series in one call. A kernel may keep scratch arrays; it serves one
/// operator.
/// </summary>
internal abstract class RangeKernel
{
    /// <summary>Whether the result keeps the metric name, because the function only picks a sample.</summary>
    public virtual bool KeepsName => false;

    /// <summary>Whether two series of the result must not have the same labels; absence does not care.</summary>
    public virtual bool NeedsDistinctLabels => true;

    /// <summary>Whether start timestamps matter to the function where the engine uses them.</summary>
    public virtual bool UsesStartTimes => false;

    /// <summary>Whether a metric that does not look like a counter is told to the user.</summary>
    public virtual bool ExpectsCounter => false;

    /// <summary>Sets the steps of <paramref name="row"/> at which the function has a result.</summary>
    public abstract void Evaluate(RangeInput input, SeriesRow row);
}
