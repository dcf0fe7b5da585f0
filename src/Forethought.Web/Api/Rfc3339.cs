using System.Globalization;

namespace Forethought.Web;

/// <summary>Times as RFC 3339 writes them, with up to nine decimals of a second.</summary>
internal static class Rfc3339
{
    /// <summary>Parses a time to milliseconds since the Unix epoch; finer parts are cut off towards the past, as Go's UnixMilli.</summary>
    public static bool TryParse(string text, out long timeMs)
    {
        timeMs = 0;
        // yyyy-MM-ddTHH:mm:ss, a fraction, then Z or ±hh:mm.
        if (text.Length < 20)
            return false;
        ReadOnlySpan<char> rest = text.AsSpan(19);
        int fractionLength = 0;
        if (rest[0] == '.' || rest[0] == ',')
        {
            int end = rest[1..].IndexOfAnyExceptInRange('0', '9');
            if (end is < 1 or > 9)
                return false;
            fractionLength = end + 1;
        }

        ReadOnlySpan<char> zone = rest[fractionLength..];
        if (!DateTime.TryParseExact(
                text.AsSpan(0, 19), "yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTime local)
            || !TryZone(zone, out int offsetMinutes))
        {
            return false;
        }

        long ticks = local.Ticks - DateTime.UnixEpoch.Ticks - (offsetMinutes * TimeSpan.TicksPerMinute);
        int milliseconds = 0;
        for (int i = 0; i < 3; i++)
            milliseconds = (10 * milliseconds) + (i + 1 < fractionLength ? rest[i + 1] - '0' : 0);
        timeMs = (ticks / TimeSpan.TicksPerMillisecond) + milliseconds;
        return true;
    }

    /// <summary>The text of a time in UTC with as many decimals of a second as there are, as Go's RFC3339Nano.</summary>
    public static string Format(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);

    private static bool TryZone(ReadOnlySpan<char> zone, out int offsetMinutes)
    {
        offsetMinutes = 0;
        if (zone is "Z")
            return true;
        if (zone.Length != 6 || zone[0] is not ('+' or '-') || zone[3] != ':'
            || !int.TryParse(zone.Slice(1, 2), NumberStyles.None, CultureInfo.InvariantCulture, out int hours)
            || !int.TryParse(zone.Slice(4, 2), NumberStyles.None, CultureInfo.InvariantCulture, out int minutes)
            || hours > 24 || minutes > 59)
        {
            return false;
        }

        offsetMinutes = ((hours * 60) + minutes) * (zone[0] == '-' ? -1 : 1);
        return true;
    }
}
