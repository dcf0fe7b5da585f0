using System.Globalization;

namespace Forethought.Configuration.Yaml;

/// <summary>A floating-point number.</summary>
internal sealed class YamlFloat() : YamlType<double>("float64")
{
    public override double Zero => 0;

    internal override double Read(YamlDecoder decoder, YamlNode node, double current)
    {
        if (node is YamlScalar scalar)
        {
            ResolvedScalar resolved = ScalarResolver.Resolve(scalar);
            switch (resolved.Kind)
            {
                case ScalarKind.Integer: return resolved.Integer;
                case ScalarKind.Unsigned: return resolved.Unsigned;
                case ScalarKind.Float: return resolved.Float;
            }
        }

        decoder.AddTypeError(node, Name);
        return current;
    }

    internal override bool IsZero(double value) => value == 0;

    internal override YamlNode? Write(double value) => new YamlScalar(value.ToString("R", CultureInfo.InvariantCulture), "", true);
}
