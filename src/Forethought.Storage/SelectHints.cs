namespace Forethought.Storage;

/// <summary>What a query will do with the series it selects; storage may use it and need not.</summary>
public sealed record SelectHints
{
    /// <summary>The first time needed, milliseconds, inclusive.</summary>
    public required long StartMs { get; init; }

    /// <summary>The last time needed, milliseconds, inclusive.</summary>
    public required long EndMs { get; init; }

    /// <summary>The step of a range query in milliseconds, 0 for an instant query.</summary>
    public long StepMs { get; init; }

    /// <summary>The width of a range selector in milliseconds, 0 for an instant selector.</summary>
    public long RangeMs { get; init; }

    /// <summary>The function or aggregation around the selector; empty when there is none.</summary>
    public string Function { get; init; } = "";

    /// <summary>
    /// Whether of each series only the newest sample at or before <see cref="EndMs"/> is looked at, as in an instant query; others may
    /// be left out, also newer ones.
    /// </summary>
    public bool NewestOnly { get; init; }

    /// <summary>Whether the series must come in order of their labels.</summary>
    public bool SortSeries { get; init; }

    /// <summary>The most series to return, 0 for all.</summary>
    public int Limit { get; init; }

    /// <summary>Whether only the labels are wanted: samples need not be readable.</summary>
    public bool LabelsOnly { get; init; }
}
