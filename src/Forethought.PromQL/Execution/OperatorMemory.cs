namespace Forethought.PromQL.Execution;

/// <summary>What an operator holds while it runs. A row takes 9 bytes a step, plus its labels and histograms.</summary>
internal enum OperatorMemory
{
    /// <summary>One row at a time, whatever the number of series.</summary>
    Streams,

    /// <summary>Accumulators of each output row: at most some ten rows a group.</summary>
    HoldsGroups,

    /// <summary>All rows of its input.</summary>
    Collects,
}
