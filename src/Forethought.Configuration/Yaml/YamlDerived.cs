namespace Forethought.Configuration.Yaml;

/// <summary>A type seen as its base type, so that lists of different sections have one type.</summary>
/// <typeparam name="TBase">The base type; null stays null.</typeparam>
/// <typeparam name="T">The type itself.</typeparam>
internal sealed class YamlDerived<TBase, T>(YamlType<T> inner) : YamlType<TBase>(inner.Name)
    where TBase : class
    where T : TBase
{
    public override TBase Zero => null!;

    internal override TBase Read(YamlDecoder decoder, YamlNode node, TBase current) => inner.Read(decoder, node, inner.Zero);

    internal override bool IsZero(TBase value) => value is null;

    internal override YamlNode? Write(TBase value) => inner.Write((T)value);
}
