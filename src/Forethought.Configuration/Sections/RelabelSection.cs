using Forethought.Configuration.Yaml;
using Forethought.Http;
using Forethought.Model;
using Forethought.Regex;

namespace Forethought.Configuration.Sections;

/// <summary>The keys of relabelling rules.</summary>
internal static class RelabelSection
{
    // An action that was set to null, which is refused when the rules are validated.
    private const RelabelAction NoAction = (RelabelAction)(-1);

    private static readonly YamlParsed<RelabelAction> Action = new("string", NoAction, RelabelRule.ParseAction, RelabelRule.NameOf);

    private static readonly YamlParsed<string?> Pattern = new("string", null, ParsePattern, static text => text!);

    private static readonly YamlOptional<ValueList<string>> SourceLabels =
        new(new YamlList<string>(YamlTypes.LabelName, "model.LabelNames", flow: true));

    private static readonly YamlStruct<RelabelRule> Rule =
        new YamlStruct<RelabelRule>("relabel.plain", null!, static _ => new RelabelRule())
        .Field(
            "source_labels",
            SourceLabels,
            rule => (ValueList<string>?)rule.SourceLabels, (rule,
            value) => rule with { SourceLabels = value })
        .Field("separator", YamlTypes.Text, rule => rule.Separator, (rule, value) => rule with { Separator = value }, keepZero: true)
        .Field("regex", Pattern, rule => rule.Pattern, (rule, value) => rule with { Pattern = value ?? "" })
        .Field("modulus", YamlTypes.UInt64, rule => rule.Modulus, (rule, value) => rule with { Modulus = value })
        .Field("target_label", YamlTypes.Text, rule => rule.TargetLabel, (rule, value) => rule with { TargetLabel = value })
        .Field("replacement", YamlTypes.Text, rule => rule.Replacement, (rule, value) => rule with { Replacement = value }, keepZero: true)
        .Field("action", Action, rule => rule.Action, (rule, value) => rule with { Action = value });

    /// <summary>A list of rules; null items are <see langword="null"/> until <see cref="CheckNulls"/> refuses them.</summary>
    internal static readonly YamlList<RelabelRule> Rules = new(Rule, "[]*relabel.Config");

    internal static void CheckNulls(ValueList<RelabelRule> rules, string problem)
    {
        if (rules.Any(static rule => rule is null))
        {
            throw new ConfigurationException(problem);
        }
    }

    internal static void Validate(ValueList<RelabelRule> rules, NameValidation validation)
    {
        foreach (RelabelRule rule in rules)
        {
            string? problem = rule.Action == NoAction ? "relabel action cannot be empty" : rule.Validate(validation);
            if (problem is not null)
            {
                throw new ConfigurationException(problem);
            }
        }
    }

    private static string ParsePattern(string text)
    {
        try
        {
            Re2Regex.CompileAnchored(text);
            return text;
        }
        catch (Re2SyntaxException e)
        {
            throw new FormatException(e.Message, e);
        }
    }
}
