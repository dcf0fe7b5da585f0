namespace Forethought.Configuration.Yaml;

/// <summary>A value that may be unset.</summary>
/// <typeparam name="T">The value's type.</typeparam>
internal sealed class YamlNullable<T>(YamlType<T> inner) : YamlType<T?>(inner.Name)
    where T : struct
{
    public override T? Zero => null;

    internal override T? Read(YamlDecoder decoder, YamlNode node, T? current) => inner.Read(decoder, node, current ?? inner.Zero);

    internal override bool IsZero(T? value) => value is null;

    internal override YamlNode? Write(T? value) => value is null ? null : inner.Write(value.Value);
}
