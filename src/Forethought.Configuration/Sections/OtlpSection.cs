using Forethought.Configuration.Yaml;
using Forethought.Encoding;
using Forethought.Http;
using Forethought.Model;

namespace Forethought.Configuration.Sections;

/// <summary>The keys of <c>otlp</c>.</summary>
internal static class OtlpSection
{
    internal static readonly YamlStruct<OtlpConfiguration> Otlp = new YamlStruct<OtlpConfiguration>(
        "config.plain", OtlpConfiguration.Zero, static _ => OtlpConfiguration.Default, Checked)
        .Field(
            "promote_all_resource_attributes",
            YamlTypes.Boolean,
            otlp => otlp.PromoteAllResourceAttributes,
            (otlp, value) => otlp with { PromoteAllResourceAttributes = value })
        .Field(
            "promote_resource_attributes",
            YamlTypes.Texts,
            otlp => otlp.PromoteResourceAttributes,
            (otlp, value) => otlp with { PromoteResourceAttributes = value })
        .Field(
            "ignore_resource_attributes",
            YamlTypes.Texts,
            otlp => otlp.IgnoreResourceAttributes,
            (otlp, value) => otlp with { IgnoreResourceAttributes = value })
        .Field(
            "translation_strategy",
            new YamlText("otlptranslator.TranslationStrategyOption"),
            otlp => otlp.TranslationStrategy,
            (otlp, value) => otlp with { TranslationStrategy = value })
        .Field(
            "keep_identifying_resource_attributes",
            YamlTypes.Boolean,
            otlp => otlp.KeepIdentifyingResourceAttributes,
            (otlp, value) => otlp with { KeepIdentifyingResourceAttributes = value })
        .Field(
            "convert_histograms_to_nhcb",
            YamlTypes.Boolean,
            otlp => otlp.ConvertHistogramsToNhcb,
            (otlp, value) => otlp with { ConvertHistogramsToNhcb = value })
        .Field(
            "promote_scope_metadata",
            YamlTypes.Boolean,
            otlp => otlp.PromoteScopeMetadata,
            (otlp, value) => otlp with { PromoteScopeMetadata = value })
        .Field(
            "label_name_underscore_sanitization",
            YamlTypes.Boolean,
            otlp => otlp.LabelNameUnderscoreSanitization,
            (otlp, value) => otlp with { LabelNameUnderscoreSanitization = value })
        .Field(
            "label_name_preserve_multiple_underscores",
            YamlTypes.Boolean,
            otlp => otlp.LabelNamePreserveMultipleUnderscores,
            (otlp, value) => otlp with { LabelNamePreserveMultipleUnderscores = value });

    /// <summary>The checks that need the naming scheme.</summary>
    internal static void Validate(OtlpConfiguration otlp, NameValidation validation)
    {
        switch (otlp.TranslationStrategy)
        {
            case "" or "UnderscoreEscapingWithSuffixes" or "UnderscoreEscapingWithoutSuffixes":
                return;
            case "NoTranslation" or "NoUTF8EscapingWithSuffixes":
                if (validation == NameValidation.Legacy)
                {
                    throw new ConfigurationException(
                        $"OTLP translation strategy {GoQuote.Quote(otlp.TranslationStrategy)} is not allowed when UTF8 is disabled");
                }

                return;
            default:
                throw new ConfigurationException($"unsupported OTLP translation strategy {GoQuote.Quote(otlp.TranslationStrategy)}");
        }
    }

    private static OtlpConfiguration Checked(OtlpConfiguration otlp)
    {
        if (otlp.PromoteAllResourceAttributes)
        {
            return otlp.PromoteResourceAttributes.Count > 0
                ? throw new ConfigurationException(
                    "'promote_all_resource_attributes' and 'promote_resource_attributes' cannot be configured simultaneously")
                : otlp with { IgnoreResourceAttributes = Sanitized(otlp.IgnoreResourceAttributes, "ignore_resource_attributes", "ignored") };
        }

        return otlp.IgnoreResourceAttributes.Count > 0
            ? throw new ConfigurationException(
                "'ignore_resource_attributes' cannot be configured unless 'promote_all_resource_attributes' is true")
            : otlp with { PromoteResourceAttributes = Sanitized(otlp.PromoteResourceAttributes, "promote_resource_attributes", "promoted") };
    }

    private static ValueList<string> Sanitized(ValueList<string> attributes, string key, string adjective)
    {
        string[] trimmed = [.. attributes.Select(static attribute => attribute.Trim())];
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var problems = new List<string>();
        foreach (string attribute in trimmed)
        {
            if (attribute.Length == 0)
            {
                problems.Add($"empty {adjective} OTel resource attribute");
            }
            else if (!seen.Add(attribute))
            {
                problems.Add($"duplicated {adjective} OTel resource attribute {GoQuote.Quote(attribute)}");
            }
        }

        return problems.Count == 0
            ? ValueLists.Create<string>(trimmed)
            : throw new ConfigurationException($"invalid '{key}': {string.Join('\n', problems)}");
    }
}
