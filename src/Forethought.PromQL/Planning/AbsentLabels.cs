using Forethought.Model;
using Forethought.PromQL.Syntax;

namespace Forethought.PromQL.Planning;

/// <summary>The labels that <c>absent</c> can tell from its argument.</summary>
internal static class AbsentLabels
{
    /// <summary>
    /// Those of the selector's equality matchers, without the metric name; a label with a second matcher of any kind is left
    /// out. None of anything but a selector.
    /// </summary>
    public static Labels Of(Expr argument)
    {
        VectorSelector? selector = StepInvariance.Unwrap(argument) switch
        {
            VectorSelector instant => instant,
            MatrixSelector matrix => matrix.VectorSelector,
            _ => null,
        };
        if (selector is null)
            return Labels.Empty;
        var builder = new LabelsBuilder();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (Matcher matcher in selector.Matchers)
        {
            if (matcher.Name == "__name__")
                continue;
            if (matcher.Type == Model.MatchType.Equal && seen.Add(matcher.Name))
                builder.Set(matcher.NameUtf8, matcher.ValueUtf8);
            else
                builder.Remove(System.Text.Encoding.UTF8.GetBytes(matcher.Name));
        }

        return builder.ToLabels();
    }
}
