using System.Globalization;

namespace Forethought.Web;

/// <summary>Times as RFC 3339 writes them, with up to nine decimals of a second.</summary>
internal static class Rfc3339
{
    /// <summary>Parses a time; decimals behind the ninth are cut off.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out ApiTime time)
    {
        time = default;
        // yyyy-MM-ddTHH:mm:ss, a fraction, then Z or ±hh:mm.
        if (text.Length < 20 || text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':' || text[16] != ':'
            || !TryDate(text, out long days) || !TryDigits(text.Slice(11, 2), 23, out int hour)
            || !TryDigits(text.Slice(14, 2), 59, out int minute) || !TryDigits(text.Slice(17, 2), 59, out int second)
            || !TryFraction(text[19..], out int nanoseconds, out int fractionLength)
            || !TryZone(text[(19 + fractionLength)..], out int offsetMinutes))
        {
            return false;
        }

        time = new ApiTime((days * 86_400) + (hour * 3600) + ((minute - offsetMinutes) * 60) + second, nanoseconds);
        return true;
    }

    /// <summary>The text of a time in UTC with as many decimals of a second as there are, as Go's RFC3339Nano.</summary>
    public static string Format(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);

    // Days since 1970. The year 0, which the runtime's calendar does not have, is a leap year.
    private static bool TryDate(ReadOnlySpan<char> text, out long days)
    {
        days = 0;
        if (!TryDigits(text[..4], 9999, out int year) || !TryDigits(text.Slice(5, 2), 12, out int month) || month == 0
            || !TryDigits(text.Slice(8, 2), 31, out int day) || day == 0)
        {
            return false;
        }

        // The calendar repeats after 400 years, which are 146,097 days.
        int sameYear = year + 400 <= 9999 ? year + 400 : year;
        if (day > DateTime.DaysInMonth(sameYear, month))
            return false;
        days = ((new DateTime(sameYear, month, day, 0, 0, 0, DateTimeKind.Utc) - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerDay)
            - (sameYear == year ? 0 : 146_097);
        return true;
    }

    private static bool TryFraction(ReadOnlySpan<char> rest, out int nanoseconds, out int length)
    {
        nanoseconds = 0;
        length = 0;
        if (rest[0] is not ('.' or ','))
            return true;
        int end = rest[1..].IndexOfAnyExceptInRange('0', '9');
        if (end < 1)
            return false;
        for (int i = 0; i < 9; i++)
            nanoseconds = (10 * nanoseconds) + (i < end ? rest[i + 1] - '0' : 0);
        length = end + 1;
        return true;
    }

    private static bool TryZone(ReadOnlySpan<char> zone, out int offsetMinutes)
    {
        offsetMinutes = 0;
        if (zone is "Z")
            return true;
        if (zone.Length != 6 || zone[0] is not ('+' or '-') || zone[3] != ':'
            || !TryDigits(zone.Slice(1, 2), 24, out int hours) || !TryDigits(zone.Slice(4, 2), 59, out int minutes))
        {
            return false;
        }

        offsetMinutes = ((hours * 60) + minutes) * (zone[0] == '-' ? -1 : 1);
        return true;
    }

    private static bool TryDigits(ReadOnlySpan<char> text, int max, out int value) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value <= max;
}
