using System.Globalization;
using Forethought.Encoding;

namespace Forethought.Web;

/// <summary>
/// A time as requests give it: whole seconds since the Unix epoch and nanoseconds after them. Times that fit no 64-bit count
/// of milliseconds or nanoseconds wrap around when they are turned into one, as upstream's do.
/// </summary>
/// <param name="Seconds">Seconds since the Unix epoch, rounded down.</param>
/// <param name="Nanoseconds">0 to 999,999,999.</param>
public readonly record struct ApiTime(long Seconds, int Nanoseconds)
{
    private const long NanosecondsPerSecond = 1_000_000_000;

    // Go counts seconds from the year 1; order among times that overflow follows from it.
    private const long EpochSinceYearOne = 62_135_596_800;

    /// <summary>The earliest time, which stands for "no start".</summary>
    public static ApiTime Min { get; } = new((long.MinValue / 1000) + 62_135_596_801, 0);

    /// <summary>The latest time, which stands for "no end".</summary>
    public static ApiTime Max { get; } = new((long.MaxValue / 1000) - 62_135_596_801, 999_999_999);

    /// <summary>Milliseconds since the Unix epoch, as storage counts them.</summary>
    public long StorageMs => unchecked((Seconds * 1000) + (Nanoseconds / 1_000_000));

    /// <summary>Milliseconds since the Unix epoch, as the query engine counts them: by way of nanoseconds, good for the years 1678 to 2262.</summary>
    public long QueryMs => unchecked((Seconds * NanosecondsPerSecond) + Nanoseconds) / 1_000_000;

    /// <summary>A time of the clock.</summary>
    public static ApiTime From(DateTimeOffset time)
    {
        (long seconds, long ticks) = Math.DivRem((time - DateTimeOffset.UnixEpoch).Ticks, TimeSpan.TicksPerSecond);
        return Normalize(seconds, ticks * TimeSpan.NanosecondsPerTick);
    }

    /// <summary>Reads a time: seconds as a number, RFC 3339, or one of the texts of <see cref="Min"/> and <see cref="Max"/>.</summary>
    public static bool TryParse(string text, out ApiTime time)
    {
        if (GoNumber.Parse(System.Text.Encoding.UTF8.GetBytes(text), out double number) == GoNumberStatus.Ok)
        {
            time = FromNumber(number);
            return true;
        }

        if (Rfc3339.TryParse(text, out time))
            return true;
        time = text == "-292273086-05-16T16:47:06Z" ? Min : Max;
        return text is "-292273086-05-16T16:47:06Z" or "292277025-08-18T07:12:54.999999999Z";
    }

    /// <summary>Whether this time comes before another.</summary>
    public bool IsBefore(ApiTime other)
    {
        long mine = unchecked(Seconds + EpochSinceYearOne), others = unchecked(other.Seconds + EpochSinceYearOne);
        return mine < others || (mine == others && Nanoseconds < other.Nanoseconds);
    }

    /// <summary>The nanoseconds from another time to this one; at the ends of the 64-bit range if there are more.</summary>
    public long NanosecondsSince(ApiTime other)
    {
        Int128 difference = (((Int128)Seconds - other.Seconds) * NanosecondsPerSecond) + (Nanoseconds - other.Nanoseconds);
        return (long)Int128.Clamp(difference, long.MinValue, long.MaxValue);
    }

    /// <summary>Converts as Go does on common processors: what fits not, and what is no number, becomes the smallest integer.</summary>
    internal static long ToInt64(double value) => value is >= -9223372036854775808.0 and < 9223372036854775808.0 ? (long)value : long.MinValue;

    private static ApiTime FromNumber(double seconds)
    {
        double whole = Math.Truncate(seconds);
        double fraction = Math.Round((seconds - whole) * 1000, MidpointRounding.AwayFromZero) / 1000;
        return Normalize(ToInt64(whole), ToInt64(fraction * NanosecondsPerSecond));
    }

    private static ApiTime Normalize(long seconds, long nanoseconds)
    {
        long carried = Math.DivRem(nanoseconds, NanosecondsPerSecond, out long rest);
        return rest < 0
            ? new ApiTime(unchecked(seconds + carried - 1), (int)(rest + NanosecondsPerSecond))
            : new ApiTime(unchecked(seconds + carried), (int)rest);
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Seconds}.{Nanoseconds:D9}");
}
