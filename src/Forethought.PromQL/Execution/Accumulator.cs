using Forethought.PromQL.Syntax;

namespace Forethought.PromQL.Execution;

/// <summary>The accumulators of one group at all steps: rows are added as they stream by, in their order.</summary>
internal abstract class Accumulator
{
    /// <summary>Adds the samples of a row, which stays the caller's.</summary>
    public abstract void Add(SeriesRow row);

    /// <summary>Sets the results of the steps at which the group had samples.</summary>
    public abstract void Complete(SeriesRow row);

    /// <summary>Makes the accumulator of a group.</summary>
    public static Accumulator Create(AggregateOperator op, int steps, Annotator annotator, PositionRange position) => op switch
    {
        AggregateOperator.Sum => new SumAccumulator(steps, annotator, position),
        AggregateOperator.Avg => new MeanAccumulator(steps, annotator, position),
        AggregateOperator.Min => new ExtremeAccumulator(steps, least: true, annotator, position),
        AggregateOperator.Max => new ExtremeAccumulator(steps, least: false, annotator, position),
        AggregateOperator.Count => new CountAccumulator(steps, groups: false),
        AggregateOperator.Group => new CountAccumulator(steps, groups: true),
        AggregateOperator.Stddev => new VarianceAccumulator(steps, root: true, annotator, position),
        AggregateOperator.Stdvar => new VarianceAccumulator(steps, root: false, annotator, position),
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
