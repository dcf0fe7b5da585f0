using Forethought.Configuration.Yaml;

namespace Forethought.Configuration.Sections;

/// <summary>Fields of sections whose values are kept in a table.</summary>
internal static class SectionFields
{
    /// <summary>Adds a field; a zero value is kept as an absent one, so that equal sections compare equal.</summary>
    internal static YamlStruct<SectionValues> Value<T>(
        this YamlStruct<SectionValues> section, string key, YamlType<T> type, bool keepZero = false) =>
        section.Field(
            key,
            type,
            values => values.Get(key, type.Zero),
            (values, value) => type.IsZero(value) ? values.Without(key) : values.With(key, value),
            keepZero);
}
