using Forethought.Http;

namespace Forethought.Configuration.Yaml;

/// <summary>A value of whatever type the document says: text, number, boolean, list or map.</summary>
internal sealed class YamlAny() : YamlType<object?>("interface {}")
{
    private YamlList<object?> List => new(this);

    private YamlMap<object?> Map => new(this);

    public override object? Zero => null;

    internal override object? Read(YamlDecoder decoder, YamlNode node, object? current) => node switch
    {
        YamlSequence => List.Read(decoder, node, ValueList<object?>.Empty),
        YamlMapping => Map.Read(decoder, node, ValueMap<object?>.Empty),
        YamlScalar scalar => Value(ScalarResolver.Resolve(scalar), scalar.Value),
        _ => current,
    };

    internal override bool IsZero(object? value) => value is null;

    internal override YamlNode? Write(object? value) => value switch
    {
        null => null,
        bool boolean => YamlTypes.Boolean.Write(boolean),
        long integer => YamlTypes.Int64.Write(integer),
        ulong integer => YamlTypes.UInt64.Write(integer),
        double number => YamlTypes.Float.Write(number),
        ValueList<object?> list => List.Write(list),
        ValueMap<object?> map => Map.Write(map),
        _ => YamlTypes.Text.Write((string)value),
    };

    private static object? Value(ResolvedScalar resolved, string text) => resolved.Kind switch
    {
        ScalarKind.Null => null,
        ScalarKind.Boolean => resolved.Boolean,
        ScalarKind.Integer => resolved.Integer,
        ScalarKind.Unsigned => resolved.Unsigned,
        ScalarKind.Float => resolved.Float,
        ScalarKind.Binary => resolved.Text,
        _ => text,
    };
}
