using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Forethought.Http;

/// <summary>
/// An immutable map from text to values, ordered by key (ordinal) and with the equality of its entries. Thread-safe.
/// </summary>
/// <typeparam name="T">The value type; its default equality is used.</typeparam>
#pragma warning disable CA1710 // Short on purpose: half the settings are such maps.
public sealed class ValueMap<T> : IReadOnlyDictionary<string, T>, IEquatable<ValueMap<T>>
#pragma warning restore CA1710
{
    private readonly KeyValuePair<string, T>[] _entries;

    /// <summary>Makes a map with a copy of the entries, whose keys must differ.</summary>
    public ValueMap(IEnumerable<KeyValuePair<string, T>> entries)
    {
        _entries = [.. entries];
        Array.Sort(_entries, static (a, b) => string.CompareOrdinal(a.Key, b.Key));
        for (int i = 1; i < _entries.Length; i++)
        {
            if (_entries[i].Key == _entries[i - 1].Key)
            {
                throw new ArgumentException($"duplicate key {_entries[i].Key}", nameof(entries));
            }
        }
    }

#pragma warning disable CA1000 // Read as ValueMap<T>.Empty, as ImmutableArray<T>.Empty is.
    /// <summary>The map without entries.</summary>
    public static ValueMap<T> Empty { get; } = new([]);
#pragma warning restore CA1000

    /// <inheritdoc/>
    public int Count => _entries.Length;

    /// <inheritdoc/>
    public IEnumerable<string> Keys => _entries.Select(static entry => entry.Key);

    /// <inheritdoc/>
    public IEnumerable<T> Values => _entries.Select(static entry => entry.Value);

    /// <inheritdoc/>
    public T this[string key] => TryGetValue(key, out T? value) ? value : throw new KeyNotFoundException(key);

    /// <inheritdoc/>
    public bool ContainsKey(string key) => TryGetValue(key, out _);

    /// <inheritdoc/>
    public bool TryGetValue(string key, [MaybeNullWhen(false)] out T value)
    {
        int low = 0;
        int high = _entries.Length - 1;
        while (low <= high)
        {
            int middle = (low + high) >>> 1;
            int order = string.CompareOrdinal(_entries[middle].Key, key);
            if (order == 0)
            {
                value = _entries[middle].Value;
                return true;
            }

            (low, high) = order < 0 ? (middle + 1, high) : (low, middle - 1);
        }

        value = default;
        return false;
    }

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, T>> GetEnumerator() => ((IEnumerable<KeyValuePair<string, T>>)_entries).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _entries.GetEnumerator();

    /// <inheritdoc/>
    public bool Equals(ValueMap<T>? other) => other is not null && _entries.AsSpan().SequenceEqual(other._entries, null);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ValueMap<T>);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (KeyValuePair<string, T> entry in _entries)
        {
            hash.Add(entry.Key);
            hash.Add(entry.Value);
        }

        return hash.ToHashCode();
    }
}
