namespace Forethought.Exposition;

/// <summary>What <see cref="ExpositionReader.Read"/> stands at.</summary>
public enum ExpositionEntry
{
    /// <summary>The exposition is over.</summary>
    End,

    /// <summary>A sample: series, value, timestamp and exemplar.</summary>
    Series,

    /// <summary>A <c># TYPE</c> line.</summary>
    Type,

    /// <summary>A <c># HELP</c> line.</summary>
    Help,

    /// <summary>A <c># UNIT</c> line; OpenMetrics only.</summary>
    Unit,

    /// <summary>A comment; text format only.</summary>
    Comment,
}
