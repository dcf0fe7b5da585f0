using System.Globalization;

namespace Forethought.Scrape;

/// <summary>
/// Durations as Go prints them: <c>15s</c>, <c>1m0s</c>, <c>1.5s</c>, <c>500ms</c>. Metrics carry intervals in this form.
/// </summary>
internal static class GoDurationText
{
    public static string Format(TimeSpan duration)
    {
        if (duration == TimeSpan.Zero)
            return "0s";
        if (duration < TimeSpan.FromSeconds(1))
            return string.Create(CultureInfo.InvariantCulture, $"{duration.TotalMilliseconds:0.######}ms");
        long hours = (long)duration.TotalHours;
        string text = hours > 0 ? string.Create(CultureInfo.InvariantCulture, $"{hours}h") : "";
        if (hours > 0 || duration.Minutes > 0)
            text += string.Create(CultureInfo.InvariantCulture, $"{duration.Minutes}m");
        decimal seconds = (decimal)(duration.Ticks % TimeSpan.TicksPerMinute) / TimeSpan.TicksPerSecond;
        return text + string.Create(CultureInfo.InvariantCulture, $"{seconds:0.#######}s");
    }
}
