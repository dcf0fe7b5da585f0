namespace Forethought.PromQL.Syntax;

/// <summary>How the series of two vectors are matched in a binary operation.</summary>
public sealed class VectorMatching
{
    internal VectorMatching()
    {
    }

    /// <summary>How many series of each side may match.</summary>
    public VectorMatchCardinality Cardinality { get; internal set; }

    /// <summary>The label names of the <c>on</c> or <c>ignoring</c> clause as written.</summary>
    public IReadOnlyList<string> MatchingLabels { get; internal set; } = [];

    /// <summary>Whether <see cref="MatchingLabels"/> are the only labels compared, rather than those left out.</summary>
    public bool On { get; internal set; }

    /// <summary>The label names of the <c>group_left</c> or <c>group_right</c> clause: copied from the side with one series.</summary>
    public IReadOnlyList<string> Include { get; internal set; } = [];

    /// <summary>The value that stands for a missing series of the left side, if one is to be filled in.</summary>
    public double? FillLeft { get; internal set; }

    /// <summary>The value that stands for a missing series of the right side, if one is to be filled in.</summary>
    public double? FillRight { get; internal set; }

    /// <summary>Whether a missing series of either side is filled in.</summary>
    public bool HasFill => FillLeft is not null || FillRight is not null;
}
