namespace Forethought.Configuration.Yaml;

/// <summary>A section that may be absent: null stays null.</summary>
/// <typeparam name="T">The section's type.</typeparam>
internal sealed class YamlOptional<T>(YamlType<T> inner) : YamlType<T?>(inner.Name)
    where T : class
{
    public override T? Zero => null;

    internal override T? Read(YamlDecoder decoder, YamlNode node, T? current) => inner.Read(decoder, node, current ?? inner.Zero);

    internal override bool IsZero(T? value) => value is null;

    internal override YamlNode? Write(T? value) => value is null ? null : inner.Write(value);
}
