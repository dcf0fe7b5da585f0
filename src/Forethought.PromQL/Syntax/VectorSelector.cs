using Forethought.Model;

namespace Forethought.PromQL.Syntax;

/// <summary>Selects the newest sample of each matching series: <c>http_requests_total{code="200"} @ 5 offset 1m</c>.</summary>
public sealed class VectorSelector : Expr
{
    internal VectorSelector(string name, IReadOnlyList<Matcher> matchers, PositionRange positionRange)
        : base(positionRange, height: 1)
    {
        Name = name;
        Matchers = matchers;
    }

    /// <summary>The metric name in front of the braces, or empty.</summary>
    public string Name { get; }

    /// <summary>All matchers in the order written; one for <see cref="Name"/>, if there is a name, is the last.</summary>
    public IReadOnlyList<Matcher> Matchers { get; }

    /// <summary>The constant of the offset modifier, zero if there is none; positive looks into the past.</summary>
    public TimeSpan OriginalOffset { get; internal set; }

    /// <summary>The offset modifier if it has to be computed (<c>offset (step() * 2)</c>).</summary>
    public DurationExpr? OriginalOffsetExpr { get; internal set; }

    /// <summary>The time of the <c>@</c> modifier in milliseconds since 1970.</summary>
    public long? TimestampMs { get; internal set; }

    /// <summary>Whether the <c>@</c> modifier is <c>start()</c> or <c>end()</c>.</summary>
    public AtModifier StartOrEnd { get; internal set; }

    /// <summary>Whether the selector is <c>anchored</c>.</summary>
    public bool Anchored { get; internal set; }

    /// <summary>Whether the selector is <c>smoothed</c>.</summary>
    public bool Smoothed { get; internal set; }

    /// <summary>Whether the selector is the second argument of <c>info</c>, where it may match everything.</summary>
    public bool BypassEmptyMatcherCheck { get; internal set; }

    /// <inheritdoc/>
    public override ExprType Type => ExprType.Vector;
}
