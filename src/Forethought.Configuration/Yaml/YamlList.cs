using Forethought.Http;

namespace Forethought.Configuration.Yaml;

/// <summary>A list of values of one type.</summary>
/// <typeparam name="T">The items' type.</typeparam>
internal sealed class YamlList<T>(YamlType<T> item, string? name = null, bool flow = false) : YamlType<ValueList<T>>(name ?? "[]" + item.Name)
{
    public override ValueList<T> Zero => ValueList<T>.Empty;

    internal override ValueList<T> Read(YamlDecoder decoder, YamlNode node, ValueList<T> current)
    {
        if (node is not YamlSequence sequence)
        {
            decoder.AddTypeError(node, Name);
            return current;
        }

        var items = new T[sequence.Items.Count];
        for (int i = 0; i < items.Length; i++)
        {
            items[i] = decoder.Read(sequence.Items[i], item, item.Zero);
        }

        return ValueLists.Create<T>(items);
    }

    internal override bool IsZero(ValueList<T> value) => value.Count == 0;

    internal override YamlNode? Write(ValueList<T> value) =>
        new YamlSequence([.. value.Select(element => item.Write(element) ?? YamlTypes.NullNode)], flow);
}
