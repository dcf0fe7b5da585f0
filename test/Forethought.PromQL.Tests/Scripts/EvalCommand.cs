using Forethought.Model;
using Forethought.PromQL.Syntax;

namespace Forethought.PromQL.Tests.Scripts;

/// <summary>Evaluates an expression and knows what must come out.</summary>
internal sealed record EvalCommand(int Line, string Expression, bool IsRange) : ScriptCommand(Line)
{
    public long StartMs { get; set; }

    public long EndMs { get; set; }

    public long StepMs { get; set; }

    /// <summary>The time of an instant query.</summary>
    public long TimeMs { get; set; }

    public bool IsOrdered { get; set; }

    public bool MustFail { get; set; }

    public bool MustWarn { get; set; }

    public bool MustInform { get; set; }

    public bool MustNotWarn { get; set; }

    public bool MustNotInform { get; set; }

    public Expectation? Failure { get; set; }

    public List<Expectation> Warnings { get; } = [];

    public List<Expectation> Infos { get; } = [];

    /// <summary>Whether floats must agree to the last digits instead of within the scripts' tolerance.</summary>
    public bool FloatsAreExact { get; set; }

    /// <summary>The expected number, if a scalar is expected.</summary>
    public double? Scalar { get; set; }

    public string Text { get; set; } = "";

    /// <summary>Whether the result is nothing that a range query could return.</summary>
    public bool IsInstantOnly { get; set; }

    /// <summary>Expected series with their place, from 1, among the expected lines.</summary>
    public Dictionary<Labels, (int Position, IReadOnlyList<SeriesValue> Values)> Series { get; } = [];
}
