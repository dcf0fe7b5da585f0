using System.Text;
using Forethought.Encoding;

namespace Forethought.Model;

/// <summary>
/// An immutable set of labels, sorted by name in byte order, in the packed encoding of <see cref="PackedLabels"/>. The default
/// value is the empty set. Equality and order are those of the bytes; safe to share between threads.
/// </summary>
public readonly struct Labels : IEquatable<Labels>, IComparable<Labels>
{
    private readonly byte[]? _packed;

    private Labels(byte[] packed) => _packed = packed;

    /// <summary>The set without labels.</summary>
    public static Labels Empty => default;

    /// <summary>The packed bytes.</summary>
    public ReadOnlySpan<byte> Packed => _packed;

    /// <summary>Whether the set holds no label.</summary>
    public bool IsEmpty => _packed is null || _packed.Length == 0;

    /// <summary>The number of labels; walks the set.</summary>
    public int Count => PackedLabels.Count(Packed);

    /// <summary>The value of a label as text; empty when it is absent.</summary>
    public string this[string name] => System.Text.Encoding.UTF8.GetString(Get(System.Text.Encoding.UTF8.GetBytes(name)));

    /// <summary>Copies packed bytes that are known to be well formed (checked in debug builds only).</summary>
    public static Labels FromPacked(ReadOnlySpan<byte> packed)
    {
        System.Diagnostics.Debug.Assert(PackedLabels.IsWellFormed(packed), "packed labels are malformed");
        return packed.IsEmpty ? default : new Labels(packed.ToArray());
    }

    /// <summary>Makes a set of names and values in turn, in any order; labels with an empty value are left out.</summary>
    /// <exception cref="ArgumentException">The number of texts is odd or a name occurs twice.</exception>
    public static Labels FromStrings(params ReadOnlySpan<string> namesAndValues)
    {
        if (namesAndValues.Length % 2 != 0)
            throw new ArgumentException("names and values do not pair up", nameof(namesAndValues));
        var builder = new LabelsBuilder();
        for (int i = 0; i < namesAndValues.Length; i += 2)
        {
            byte[] name = System.Text.Encoding.UTF8.GetBytes(namesAndValues[i]);
            if (!builder.Get(name).IsEmpty)
                throw new ArgumentException($"duplicate label name \"{namesAndValues[i]}\"", nameof(namesAndValues));
            builder.Set(name, System.Text.Encoding.UTF8.GetBytes(namesAndValues[i + 1]));
        }

        return builder.ToLabels();
    }

    /// <summary>The value of a label; empty when it is absent.</summary>
    public ReadOnlySpan<byte> Get(scoped ReadOnlySpan<byte> name) => PackedLabels.Get(Packed, name);

    /// <summary>xxHash64 of the packed bytes: the hash that Prometheus computes of the same set.</summary>
    public ulong Hash() => XxHash64.Compute(Packed);

    /// <summary>Walks the labels in order of name.</summary>
    public LabelEnumerator GetEnumerator() => new(Packed);

    /// <inheritdoc/>
    public bool Equals(Labels other) => Packed.SequenceEqual(other.Packed);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Labels other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => (int)Hash();

    /// <summary>Label by label, name before value, a prefix first.</summary>
    public int CompareTo(Labels other) => PackedLabels.Compare(Packed, other.Packed);

    /// <summary>The form <c>{a="b", c="d"}</c>, names quoted where they are not legacy names, values quoted as Go's <c>%q</c>.</summary>
    public override string ToString()
    {
        var text = new StringBuilder("{");
        foreach (Label label in this)
        {
            if (text.Length > 1)
                text.Append(", ");
            if (MetricNames.IsLegacyLabelName(label.Name))
                text.Append(label.NameText);
            else
                GoQuote.Append(text, label.Name);
            text.Append('=');
            GoQuote.Append(text, label.Value);
        }

        return text.Append('}').ToString();
    }

    /// <summary>Whether both sets hold the same labels.</summary>
    public static bool operator ==(Labels left, Labels right) => left.Equals(right);

    /// <summary>Whether the sets differ.</summary>
    public static bool operator !=(Labels left, Labels right) => !left.Equals(right);

    /// <summary>Order as by <see cref="CompareTo"/>.</summary>
    public static bool operator <(Labels left, Labels right) => left.CompareTo(right) < 0;

    /// <summary>Order as by <see cref="CompareTo"/>.</summary>
    public static bool operator <=(Labels left, Labels right) => left.CompareTo(right) <= 0;

    /// <summary>Order as by <see cref="CompareTo"/>.</summary>
    public static bool operator >(Labels left, Labels right) => left.CompareTo(right) > 0;

    /// <summary>Order as by <see cref="CompareTo"/>.</summary>
    public static bool operator >=(Labels left, Labels right) => left.CompareTo(right) >= 0;
}
