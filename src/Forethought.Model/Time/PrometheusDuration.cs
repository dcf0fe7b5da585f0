using System.Globalization;
using System.Text;
using Forethought.Encoding;

namespace Forethought.Model;

/// <summary>
/// Durations as Prometheus writes them: <c>1h30m</c>, units from years to milliseconds in descending order, each at most once.
/// </summary>
public static class PrometheusDuration
{
    private const long NanosecondsPerTick = TimeSpan.NanosecondsPerTick;

    private static readonly (string Name, long Milliseconds)[] Units =
    [
        ("y", 365L * 24 * 3600 * 1000),
        ("w", 7L * 24 * 3600 * 1000),
        ("d", 24L * 3600 * 1000),
        ("h", 3600L * 1000),
        ("m", 60L * 1000),
        ("s", 1000),
        ("ms", 1),
    ];

    /// <summary>Parses a duration; <c>0</c> needs no unit.</summary>
    /// <exception cref="FormatException">The text is no duration; the message is Prometheus'.</exception>
    public static TimeSpan Parse(string text) => FromMilliseconds(ParseMilliseconds(text));

    /// <summary>Parses a duration that may have a leading minus.</summary>
    /// <exception cref="FormatException">The text is no duration; the message is Prometheus'.</exception>
    public static TimeSpan ParseAllowNegative(string text) =>
        text.StartsWith('-') ? -Parse(text[1..]) : Parse(text);

    /// <summary>
    /// The text of a duration in whole milliseconds: years and weeks only when nothing remains after them, <c>0s</c> for zero.
    /// </summary>
    public static string Format(TimeSpan duration)
    {
        // The remainder keeps its sign, so the longest negative duration needs no absolute value.
        long rest = duration.Ticks / TimeSpan.TicksPerMillisecond;
        if (rest == 0)
            return "0s";
        var text = new StringBuilder();
        if (rest < 0)
            text.Append('-');
        foreach ((string name, long milliseconds) in Units)
        {
            bool exactOnly = name is "y" or "w";
            if (exactOnly && rest % milliseconds != 0)
                continue;
            long count = rest / milliseconds;
            if (count == 0)
                continue;
            text.Append(CultureInfo.InvariantCulture, $"{Math.Abs(count)}{name}");
            rest -= count * milliseconds;
        }

        return text.ToString();
    }

    private static long ParseMilliseconds(string text)
    {
        if (text == "0")
            return 0;
        if (text.Length == 0)
            throw new FormatException("empty duration string");
        long total = 0;
        int lastUnit = -1;
        ReadOnlySpan<char> rest = text;
        while (!rest.IsEmpty)
        {
            int digits = rest.IndexOfAnyExceptInRange('0', '9');
            if (digits <= 0 || !ulong.TryParse(rest[..digits], NumberStyles.None, CultureInfo.InvariantCulture, out ulong count))
                throw Invalid(text);
            rest = rest[digits..];
            int length = rest.IndexOfAnyInRange('0', '9');
            ReadOnlySpan<char> name = length < 0 ? rest : rest[..length];
            rest = rest[name.Length..];
            int unit = IndexOfUnit(name);
            if (unit < 0)
                throw new FormatException($"unknown unit {GoQuote.Quote(name.ToString())} in duration {GoQuote.Quote(text)}");
            if (unit <= lastUnit)
                throw Invalid(text);
            lastUnit = unit;
            total = AddChecked(total, count, Units[unit].Milliseconds);
        }

        return total;
    }

    // Go's durations are nanoseconds in 63 bits: that is the range.
    private static long AddChecked(long totalMs, ulong count, long unitMs)
    {
        UInt128 nanoseconds = ((UInt128)(ulong)totalMs + ((UInt128)count * (ulong)unitMs)) * 1_000_000;
        if (nanoseconds > long.MaxValue)
            throw new FormatException("duration out of range");
        return (long)(nanoseconds / 1_000_000);
    }

    private static TimeSpan FromMilliseconds(long milliseconds) =>
        new(milliseconds * (1_000_000 / NanosecondsPerTick));

    private static int IndexOfUnit(ReadOnlySpan<char> name)
    {
        for (int i = 0; i < Units.Length; i++)
        {
            if (name.SequenceEqual(Units[i].Name))
                return i;
        }

        return -1;
    }

    private static FormatException Invalid(string text) => new($"not a valid duration string: {GoQuote.Quote(text)}");
}
