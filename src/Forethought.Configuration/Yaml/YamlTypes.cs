using Forethought.Encoding;
using Forethought.Http;
using Forethought.Model;

namespace Forethought.Configuration.Yaml;

/// <summary>The simple types that sections are made of.</summary>
internal static class YamlTypes
{
    internal static readonly YamlScalar NullNode = new("null", "", true);
    internal static readonly YamlText Text = new();
    internal static readonly YamlBoolean Boolean = new();
    internal static readonly YamlNullable<bool> OptionalBoolean = new(Boolean);
    internal static readonly YamlFloat Float = new();
    internal static readonly YamlInteger<long> Int = new("int");
    internal static readonly YamlInteger<long> Int64 = new("int64");
    internal static readonly YamlInteger<ulong> UInt = new("uint");
    internal static readonly YamlInteger<ulong> UInt64 = new("uint64");
    internal static readonly YamlAny Any = new();
    internal static readonly YamlList<string> Texts = new(Text);
    internal static readonly YamlMap<string> TextMap = new(Text);
    internal static readonly YamlParsed<TimeSpan> Duration =
        new("string", TimeSpan.Zero, PrometheusDuration.Parse, PrometheusDuration.Format);
    internal static readonly YamlSecret Secret = new();
    internal static readonly YamlParsed<ConfiguredUrl?> Url = new("string", null, ConfiguredUrl.Parse, static url => url!.Redacted());
    internal static readonly YamlParsed<string> LabelName = new("string", "", ParseLabelName, static name => name);

    internal static readonly YamlMap<string> LabelSet = new(new YamlText("model.LabelValue"), "model.LabelSet", LabelName);

    /// <summary>A choice of words, given in the words of the error for any other.</summary>
    internal static YamlParsed<string> Choice(string name, Func<string, string> error, params string[] words) => new(
        name, "", text => Array.IndexOf(words, text) >= 0 ? text : throw new FormatException(error(text)), static text => text);

    private static string ParseLabelName(string text) => text.Length > 0 && !SurrogateEscape.IsPresent(text)
        ? text
        : throw new FormatException($"{GoQuote.Quote(SurrogateEscape.ToBytes(text))} is not a valid label name");
}
