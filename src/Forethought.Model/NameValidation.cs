namespace Forethought.Model;

/// <summary>What a metric or label name may consist of (<c>metric_name_validation_scheme</c>).</summary>
public enum NameValidation
{
    /// <summary>Any UTF-8 (the default).</summary>
    Utf8,

    /// <summary>ASCII letters, digits and underscores, and colons in metric names.</summary>
    Legacy,
}
