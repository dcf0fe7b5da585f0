using Forethought.Http;

namespace Forethought.Configuration;

/// <summary><c>otlp</c>: how OTLP metrics become series.</summary>
public sealed record OtlpConfiguration
{
    /// <summary>The defaults.</summary>
    public static OtlpConfiguration Default { get; } = new()
    {
        TranslationStrategy = "UnderscoreEscapingWithSuffixes",
        LabelNameUnderscoreSanitization = true,
        LabelNamePreserveMultipleUnderscores = true,
    };

    internal static OtlpConfiguration Zero { get; } = new();

    /// <summary>Whether all resource attributes become labels.</summary>
    public bool PromoteAllResourceAttributes { get; init; }

    /// <summary>The resource attributes that become labels.</summary>
    public ValueList<string> PromoteResourceAttributes { get; init; } = [];

    /// <summary>The resource attributes that do not although all others do.</summary>
    public ValueList<string> IgnoreResourceAttributes { get; init; } = [];

    /// <summary>
    /// <c>UnderscoreEscapingWithSuffixes</c>, <c>UnderscoreEscapingWithoutSuffixes</c>, <c>NoUTF8EscapingWithSuffixes</c>,
    /// <c>NoTranslation</c>, or empty.
    /// </summary>
    public string TranslationStrategy { get; init; } = "";

    /// <summary>Whether the identifying attributes also stay on <c>target_info</c>.</summary>
    public bool KeepIdentifyingResourceAttributes { get; init; }

    /// <summary>Whether explicit-bucket histograms become native ones with custom buckets.</summary>
    public bool ConvertHistogramsToNhcb { get; init; }

    /// <summary>Whether scope metadata becomes labels.</summary>
    public bool PromoteScopeMetadata { get; init; }

    /// <summary>Whether label names that begin with an underscore get the prefix <c>key</c>.</summary>
    public bool LabelNameUnderscoreSanitization { get; init; }

    /// <summary>Whether several underscores in a row stay in label names.</summary>
    public bool LabelNamePreserveMultipleUnderscores { get; init; }
}
