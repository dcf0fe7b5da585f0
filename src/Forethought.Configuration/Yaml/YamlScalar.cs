namespace Forethought.Configuration.Yaml;

/// <summary>A scalar: its text and what the document says about its type.</summary>
public sealed class YamlScalar : YamlNode
{
    internal YamlScalar(string value, string tag, bool isPlain, int line = 0, int column = 0)
        : base(line, column)
    {
        Value = value;
        Tag = tag;
        IsPlain = isPlain;
    }

    /// <summary>The text, quotes and escapes removed.</summary>
    public string Value { get; }

    /// <summary>The tag written in the document in its short form, such as <c>!!str</c>; empty when there is none.</summary>
    public string Tag { get; }

    /// <summary>Whether the scalar stands without quotes and without a tag, so that its text decides its type.</summary>
    public bool IsPlain { get; }

    /// <summary>
    /// Whether this is an empty value, <c>~</c> or <c>null</c>, which leaves whatever it is assigned to at its zero value.
    /// </summary>
    public bool IsNull => Tag == YamlTags.Null || (IsPlain && Value is "" or "~" or "null" or "Null" or "NULL");

    /// <summary>Whether this is the merge key <c>&lt;&lt;</c>.</summary>
    internal bool IsMergeKey => Value == "<<" && (IsPlain || Tag == YamlTags.Merge);
}
