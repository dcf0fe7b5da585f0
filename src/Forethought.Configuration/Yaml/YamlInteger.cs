using System.Globalization;
using System.Numerics;

namespace Forethought.Configuration.Yaml;

/// <summary>An integer; floats in range are cut to integers, as in Go's yaml.v2.</summary>
/// <typeparam name="T">The integer's type, whose range is enforced.</typeparam>
internal sealed class YamlInteger<T>(string name) : YamlType<T>(name)
    where T : struct, IBinaryInteger<T>, IMinMaxValue<T>
{
    public override T Zero => T.Zero;

    internal override T Read(YamlDecoder decoder, YamlNode node, T current)
    {
        if (node is YamlScalar scalar && TryConvert(ScalarResolver.Resolve(scalar), out T value))
        {
            return value;
        }

        decoder.AddTypeError(node, Name);
        return current;
    }

    internal override bool IsZero(T value) => T.IsZero(value);

    internal override YamlNode? Write(T value) => new YamlScalar(value.ToString(null, CultureInfo.InvariantCulture), "", true);

    private static bool TryConvert(ResolvedScalar resolved, out T value)
    {
        value = T.Zero;
        if (!resolved.IsNumber || (resolved.Kind == ScalarKind.Float && !double.IsFinite(resolved.Float)))
        {
            return false;
        }

        Int128 whole = resolved.Kind switch
        {
            ScalarKind.Integer => resolved.Integer,
            ScalarKind.Unsigned => resolved.Unsigned,
            _ => Int128.CreateSaturating(resolved.Float),
        };
        if (whole < Int128.CreateChecked(T.MinValue) || whole > Int128.CreateChecked(T.MaxValue))
        {
            return false;
        }

        value = T.CreateTruncating(whole);
        return true;
    }
}
