using System.Globalization;

namespace Forethought.Configuration.Yaml;

/// <summary>A floating-point number, printed in the shortest form of Go's <c>strconv</c> (<c>'g'</c>).</summary>
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

    internal override YamlNode? Write(double value) => new YamlScalar(Format(value), "", true);

    private static string Format(double value)
    {
        if (!double.IsFinite(value))
        {
            return double.IsNaN(value) ? ".nan" : value > 0 ? ".inf" : "-.inf";
        }

        string shortest = value.ToString("R", CultureInfo.InvariantCulture);
        if (value == 0 || Math.Abs(value) is >= 1e-4 and < 1e6)
        {
            return shortest;
        }

        // Only the digits and where the point stands are taken over.
        string sign = value < 0 ? "-" : "";
        string[] parts = shortest.TrimStart('-').Split('E');
        int point = parts[0].IndexOf('.', StringComparison.Ordinal);
        string digits = parts[0].Replace(".", "", StringComparison.Ordinal);
        int exponent = (point < 0 ? digits.Length : point) - 1 + (parts.Length > 1 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : 0);
        digits = digits.TrimEnd('0');
        string fraction = digits.Length > 1 ? "." + digits[1..] : "";
        return string.Create(CultureInfo.InvariantCulture, $"{sign}{digits[0]}{fraction}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}");
    }
}
