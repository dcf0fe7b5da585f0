using System.Buffers;
using System.Globalization;

namespace Forethought.Configuration.Yaml;

/// <summary>A duration as Go writes it (<c>1h2m</c>, <c>1.5s</c>, <c>100ms</c>), or a number of nanoseconds.</summary>
internal sealed class YamlGoDuration() : YamlType<TimeSpan>("time.Duration")
{
    private const double TicksPerNanosecond = 0.01;

    private static readonly SearchValues<char> NumberCharacters = SearchValues.Create(".0123456789");

    private static readonly (string Unit, double Ticks)[] Units =
    [
        ("ns", TicksPerNanosecond), ("us", TimeSpan.TicksPerMicrosecond), ("µs", TimeSpan.TicksPerMicrosecond),
        ("ms", TimeSpan.TicksPerMillisecond), ("s", TimeSpan.TicksPerSecond), ("m", TimeSpan.TicksPerMinute), ("h", TimeSpan.TicksPerHour),
    ];

    public override TimeSpan Zero => TimeSpan.Zero;

    internal override TimeSpan Read(YamlDecoder decoder, YamlNode node, TimeSpan current)
    {
        if (node is YamlScalar scalar)
        {
            ResolvedScalar resolved = ScalarResolver.Resolve(scalar);
            if (resolved.Kind == ScalarKind.Integer)
            {
                return new TimeSpan(resolved.Integer / 100);
            }

            if (resolved.Kind == ScalarKind.String && TryParse(scalar.Value, out TimeSpan duration))
            {
                return duration;
            }
        }

        decoder.AddTypeError(node, Name);
        return current;
    }

    internal override bool IsZero(TimeSpan value) => value == TimeSpan.Zero;

    internal override YamlNode? Write(TimeSpan value) =>
        new YamlScalar(value.TotalSeconds.ToString("0.#######", CultureInfo.InvariantCulture) + "s", YamlTags.String, false);

    private static bool TryParse(ReadOnlySpan<char> text, out TimeSpan duration)
    {
        duration = TimeSpan.Zero;
        bool negative = text.StartsWith("-");
        text = text.StartsWith("-") || text.StartsWith("+") ? text[1..] : text;
        double ticks = 0;
        if (text.IsEmpty)
        {
            return false;
        }

        while (!text.IsEmpty)
        {
            int digits = text.IndexOfAnyExcept(NumberCharacters);
            if (digits <= 0 || !double.TryParse(text[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number))
            {
                return false;
            }

            text = text[digits..];
            int end = text.IndexOfAny(NumberCharacters);
            string unit = (end < 0 ? text : text[..end]).ToString();
            int index = Array.FindIndex(Units, known => known.Unit == unit);
            if (index < 0)
            {
                return false;
            }

            ticks += number * Units[index].Ticks;
            text = text[unit.Length..];
        }

        duration = new TimeSpan((long)(negative ? -ticks : ticks));
        return Math.Abs(ticks) < long.MaxValue / 100;
    }
}
