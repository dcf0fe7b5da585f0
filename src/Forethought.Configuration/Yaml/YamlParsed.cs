namespace Forethought.Configuration.Yaml;

/// <summary>A value with a text form of its own, such as a duration; its parser's complaint stops the loading.</summary>
/// <typeparam name="T">The value's type.</typeparam>
internal sealed class YamlParsed<T>(string name, T zero, Func<string, T> parse, Func<T, string> format) : YamlType<T>(name)
{
    private static readonly EqualityComparer<T> Comparer = EqualityComparer<T>.Default;

    public override T Zero => zero;

    internal override T Read(YamlDecoder decoder, YamlNode node, T current)
    {
        if (node is not YamlScalar scalar)
        {
            decoder.AddTypeError(node, Name);
            return current;
        }

        try
        {
            ResolvedScalar resolved = ScalarResolver.Resolve(scalar);
            return parse(resolved.Kind == ScalarKind.Binary ? resolved.Text : scalar.Value);
        }
        catch (FormatException e)
        {
            throw new ConfigurationException(e.Message, e);
        }
    }

    internal override bool IsZero(T value) => Comparer.Equals(value, zero);

    internal override YamlNode? Write(T value) => new YamlScalar(format(value), YamlTags.String, false);
}
