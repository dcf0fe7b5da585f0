using Forethought.Http;

namespace Forethought.Configuration;

/// <summary>The values of a section that is described by a table of keys.</summary>
public sealed record SectionValues
{
    /// <summary>No values.</summary>
    public static SectionValues Empty { get; } = new();

    /// <summary>The values by key, in their own types; keys with neither value nor default are absent.</summary>
    public ValueMap<object?> Values { get; init; } = ValueMap<object?>.Empty;

    /// <summary>The HTTP client keys, where the section takes them.</summary>
    public HttpClientSettings Http { get; init; } = HttpClientSettings.Zero;

    /// <summary>The value of a key, or <paramref name="fallback"/> when it is absent.</summary>
    public T Get<T>(string key, T fallback) => Values.TryGetValue(key, out object? value) && value is T typed ? typed : fallback;

    /// <summary>The text of a key; empty when it is absent.</summary>
    public string Text(string key) => Get(key, "");

    internal SectionValues With(string key, object? value) =>
        this with { Values = new ValueMap<object?>(Values.Where(entry => entry.Key != key).Append(KeyValuePair.Create(key, value))) };

    internal SectionValues Without(string key) => this with { Values = new ValueMap<object?>(Values.Where(entry => entry.Key != key)) };
}
