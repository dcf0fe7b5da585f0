using System.Globalization;
using System.Text;

namespace Forethought.Model;

/// <summary>Durations as Go's <c>time</c> package reads and prints them: <c>1h2m</c>, <c>1.5s</c>, <c>-2ms</c>.</summary>
public static class GoDuration
{
    private static readonly (string Name, long Nanoseconds)[] Units =
    [
        ("ns", 1),
        ("us", 1_000),
        ("µs", 1_000),
        ("μs", 1_000),
        ("ms", 1_000_000),
        ("s", 1_000_000_000),
        ("m", 60_000_000_000),
        ("h", 3_600_000_000_000),
    ];

    /// <summary>Parses a duration; what is finer than 100 ns is cut off.</summary>
    /// <exception cref="FormatException">The text is no duration; the message is Go's.</exception>
    public static TimeSpan Parse(string text) => new(ParseNanoseconds(text) / TimeSpan.NanosecondsPerTick);

    /// <summary>The text of a duration as Go prints it: <c>0s</c>, <c>100ns</c>, <c>12.2ms</c>, <c>1m0.5s</c>, <c>-1h0m0s</c>.</summary>
    public static string Format(TimeSpan duration)
    {
        if (duration == TimeSpan.Zero)
            return "0s";
        string sign = duration < TimeSpan.Zero ? "-" : "";
        decimal ticks = Math.Abs((decimal)duration.Ticks);
        if (ticks < TimeSpan.TicksPerMicrosecond)
            return string.Create(CultureInfo.InvariantCulture, $"{sign}{ticks * TimeSpan.NanosecondsPerTick:0}ns");
        if (ticks < TimeSpan.TicksPerMillisecond)
            return string.Create(CultureInfo.InvariantCulture, $"{sign}{ticks / TimeSpan.TicksPerMicrosecond:0.###}µs");
        if (ticks < TimeSpan.TicksPerSecond)
            return string.Create(CultureInfo.InvariantCulture, $"{sign}{ticks / TimeSpan.TicksPerMillisecond:0.######}ms");
        decimal hours = decimal.Truncate(ticks / TimeSpan.TicksPerHour);
        decimal minutes = decimal.Truncate(ticks / TimeSpan.TicksPerMinute) % 60;
        decimal seconds = ticks / TimeSpan.TicksPerSecond % 60;
        string before = hours > 0 ? string.Create(CultureInfo.InvariantCulture, $"{hours:0}h{minutes:0}m")
            : minutes > 0 ? string.Create(CultureInfo.InvariantCulture, $"{minutes:0}m") : "";
        return string.Create(CultureInfo.InvariantCulture, $"{sign}{before}{seconds:0.#########}s");
    }

    /// <summary>Parses a duration to nanoseconds.</summary>
    /// <exception cref="FormatException">The text is no duration; the message is Go's.</exception>
    public static long ParseNanoseconds(string text)
    {
        ReadOnlySpan<char> rest = text;
        bool negative = rest.StartsWith("-");
        if (negative || rest.StartsWith("+"))
            rest = rest[1..];
        if (rest is "0")
            return 0;
        if (rest.IsEmpty)
            throw Invalid(text);
        UInt128 total = 0;
        while (!rest.IsEmpty)
        {
            total += ReadPart(ref rest, text);
            if (total > (UInt128)1 << 63)
                throw Invalid(text);
        }

        if (!negative && total > long.MaxValue)
            throw Invalid(text);
        return negative ? (long)-(Int128)total : (long)total;
    }

    private static UInt128 ReadPart(scoped ref ReadOnlySpan<char> rest, string text)
    {
        ReadOnlySpan<char> whole = TakeDigits(ref rest);
        ulong count = 0;
        if (!whole.IsEmpty && (!ulong.TryParse(whole, NumberStyles.None, CultureInfo.InvariantCulture, out count) || count > 1UL << 63))
            throw Invalid(text);
        ReadOnlySpan<char> fraction = default;
        if (rest.StartsWith("."))
        {
            rest = rest[1..];
            fraction = TakeDigits(ref rest);
        }

        if (whole.IsEmpty && fraction.IsEmpty)
            throw Invalid(text);
        int length = 0;
        while (length < rest.Length && rest[length] != '.' && !char.IsAsciiDigit(rest[length]))
            length++;
        if (length == 0)
            throw new FormatException($"time: missing unit in duration {Quote(text)}");
        ReadOnlySpan<char> name = rest[..length];
        rest = rest[length..];
        long unit = 0;
        foreach ((string candidate, long nanoseconds) in Units)
        {
            if (name.SequenceEqual(candidate))
                unit = nanoseconds;
        }

        if (unit == 0)
            throw new FormatException($"time: unknown unit {Quote(name.ToString())} in duration {Quote(text)}");
        return ((UInt128)count * (ulong)unit) + Fraction(fraction, unit);
    }

    // Go reads as many digits as 63 bits hold, multiplies as floats and cuts off.
    private static UInt128 Fraction(ReadOnlySpan<char> digits, long unit)
    {
        ulong value = 0;
        double scale = 1;
        foreach (char digit in digits)
        {
            ulong longer = (value * 10) + (ulong)(digit - '0');
            if (value > long.MaxValue / 10 || longer > 1UL << 63)
                break;
            value = longer;
            scale *= 10;
        }

        return (UInt128)(value * (unit / scale));
    }

    private static ReadOnlySpan<char> TakeDigits(scoped ref ReadOnlySpan<char> rest)
    {
        int length = rest.IndexOfAnyExceptInRange('0', '9');
        ReadOnlySpan<char> digits = length < 0 ? rest : rest[..length];
        rest = rest[digits.Length..];
        return digits;
    }

    // Go's time package quotes on its own: every byte that is not printable ASCII is escaped.
    private static string Quote(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (byte c in System.Text.Encoding.UTF8.GetBytes(text))
        {
            if (c is (byte)'"' or (byte)'\\')
                quoted.Append('\\').Append((char)c);
            else if (c is < 0x20 or >= 0x80)
                quoted.Append("\\x").Append(c.ToString("x2", CultureInfo.InvariantCulture));
            else
                quoted.Append((char)c);
        }

        return quoted.Append('"').ToString();
    }

    private static FormatException Invalid(string text) => new($"time: invalid duration {Quote(text)}");
}
