namespace Forethought.Model;

/// <summary>One label as it stands in a packed set: name and value as UTF-8, valid as long as the set's buffer.</summary>
public readonly ref struct Label(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
{
    /// <summary>The name, UTF-8.</summary>
    public ReadOnlySpan<byte> Name { get; } = name;

    /// <summary>The value, UTF-8.</summary>
    public ReadOnlySpan<byte> Value { get; } = value;

    /// <summary>The name as text.</summary>
    public string NameText => System.Text.Encoding.UTF8.GetString(Name);

    /// <summary>The value as text.</summary>
    public string ValueText => System.Text.Encoding.UTF8.GetString(Value);
}
