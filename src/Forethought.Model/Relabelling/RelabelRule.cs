using Forethought.Encoding;

namespace Forethought.Model;

/// <summary>
/// One relabelling rule as configured, before it is checked; a relabeller applies checked rules. The defaults are
/// those of Prometheus.
/// </summary>
public sealed record RelabelRule
{
    /// <summary>The separator, when none is configured.</summary>
    public const string DefaultSeparator = ";";

    /// <summary>The pattern, when none is configured.</summary>
    public const string DefaultPattern = "(.*)";

    /// <summary>The replacement, when none is configured.</summary>
    public const string DefaultReplacement = "$1";

    /// <summary>Labels whose values are joined; null when the key is absent.</summary>
    public IReadOnlyList<string>? SourceLabels { get; init; }

    /// <summary>What stands between the joined values.</summary>
    public string Separator { get; init; } = DefaultSeparator;

    /// <summary>The RE2 pattern, anchored at both ends; null stands for <see cref="DefaultPattern"/>, not given.</summary>
    public string? Pattern { get; init; }

    /// <summary>The divisor of <see cref="RelabelAction.HashMod"/>.</summary>
    public ulong Modulus { get; init; }

    /// <summary>The label written to; references to groups are expanded by <see cref="RelabelAction.Replace"/>.</summary>
    public string TargetLabel { get; init; } = "";

    /// <summary>The replacement with references to groups (<c>$1</c>, <c>${name}</c>).</summary>
    public string Replacement { get; init; } = DefaultReplacement;

    /// <summary>What the rule does.</summary>
    public RelabelAction Action { get; init; } = RelabelAction.Replace;

    /// <summary>The action of a configured name, in any case.</summary>
    /// <exception cref="FormatException">No action has that name; the text is Prometheus'.</exception>
    public static RelabelAction ParseAction(string name)
    {
        foreach (RelabelAction action in Enum.GetValues<RelabelAction>())
        {
            if (string.Equals(NameOf(action), name, StringComparison.OrdinalIgnoreCase))
                return action;
        }

        throw new FormatException($"unknown relabel action {GoQuote.Quote(name)}");
    }

    /// <summary>The configured name of an action.</summary>
    public static string NameOf(RelabelAction action) => action switch
    {
        RelabelAction.Replace => "replace",
        RelabelAction.Keep => "keep",
        RelabelAction.Drop => "drop",
        RelabelAction.KeepEqual => "keepequal",
        RelabelAction.DropEqual => "dropequal",
        RelabelAction.HashMod => "hashmod",
        RelabelAction.LabelMap => "labelmap",
        RelabelAction.LabelDrop => "labeldrop",
        RelabelAction.LabelKeep => "labelkeep",
        RelabelAction.Lowercase => "lowercase",
        _ => "uppercase",
    };

    /// <summary>What is wrong with the rule under a naming scheme, in Prometheus' words; null when nothing is.</summary>
    public string? Validate(NameValidation validation)
    {
        string action = NameOf(Action);
        if (Action == RelabelAction.HashMod && Modulus == 0)
            return "relabel configuration for hashmod requires non-zero modulus";
        bool writesTarget = Action is RelabelAction.Replace or RelabelAction.HashMod or RelabelAction.Lowercase
            or RelabelAction.Uppercase or RelabelAction.KeepEqual or RelabelAction.DropEqual;
        if (writesTarget && TargetLabel.Length == 0)
            return $"relabel configuration for {action} action requires 'target_label' value";
        if (writesTarget && !IsValidTarget(validation))
            return $"{GoQuote.Quote(TargetLabel)} is invalid 'target_label' for {action} action";
        bool replaces = Action is RelabelAction.Lowercase or RelabelAction.Uppercase or RelabelAction.KeepEqual or RelabelAction.DropEqual;
        if (replaces && Replacement != DefaultReplacement)
            return $"'replacement' can not be set for {action} action";
        if (Action == RelabelAction.LabelMap && !IsValidTemplate(Replacement, validation))
            return $"{GoQuote.Quote(Replacement)} is invalid 'replacement' for {action} action";
        bool plain = Modulus == 0 && Separator == DefaultSeparator && Replacement == DefaultReplacement;
        if (Action is RelabelAction.KeepEqual or RelabelAction.DropEqual && !(plain && Pattern is null))
            return $"{action} action requires only 'source_labels' and `target_label`, and no other fields";
        if (Action is RelabelAction.LabelDrop or RelabelAction.LabelKeep && !(plain && SourceLabels is null && TargetLabel.Length == 0))
            return $"{action} action requires only 'regex', and no other fields";
        return null;
    }

    private bool IsValidTarget(NameValidation validation) => Action == RelabelAction.Replace && TargetLabel.Contains('$')
        ? IsValidTemplate(TargetLabel, validation)
        : MetricNames.IsValidLabelName(System.Text.Encoding.UTF8.GetBytes(TargetLabel), validation);

    // Under the legacy scheme: ^(?:(?:[a-zA-Z_]|\$(?:\{\w+\}|\w+))+\w*)+$, that is, names in which parts may be references.
    private static bool IsValidTemplate(string template, NameValidation validation)
    {
        if (validation == NameValidation.Utf8)
            return MetricNames.IsUtf8Name(System.Text.Encoding.UTF8.GetBytes(template));
        bool started = false;
        for (int i = 0; i < template.Length;)
        {
            if (template[i] == '$')
            {
                int length = ReferenceLength(template.AsSpan(i));
                if (length == 0)
                    return false;
                i += length;
            }
            else if (char.IsAsciiLetter(template[i]) || template[i] == '_' || (started && char.IsAsciiDigit(template[i])))
            {
                i++;
            }
            else
            {
                return false;
            }

            started = true;
        }

        return started;
    }

    // The length of "$name" or "${name}" at the start of a template, 0 when there is none.
    private static int ReferenceLength(ReadOnlySpan<char> template)
    {
        bool braced = template.Length > 1 && template[1] == '{';
        int start = braced ? 2 : 1;
        int end = start;
        while (end < template.Length && (char.IsAsciiLetterOrDigit(template[end]) || template[end] == '_'))
            end++;
        if (end == start)
            return 0;
        if (!braced)
            return end;
        return end < template.Length && template[end] == '}' ? end + 1 : 0;
    }
}
