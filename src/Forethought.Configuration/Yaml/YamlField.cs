namespace Forethought.Configuration.Yaml;

/// <summary>One field of a section.</summary>
/// <typeparam name="T">The section's type.</typeparam>
/// <param name="Key">The field's key.</param>
/// <param name="Read">Reads the field's node into the section.</param>
/// <param name="Write">The field's value for printing; <see langword="null"/> leaves the field out.</param>
internal sealed record YamlField<T>(string Key, Func<YamlDecoder, YamlNode, T, T> Read, Func<T, YamlNode?> Write);
