using Forethought.Model;
using MatchType = Forethought.Model.MatchType;

namespace Forethought.Tsdb.Tests.Histories;

/// <summary>A choice of series: as matchers, and as a plain condition on their jobs. A job's zone is its number modulo three.</summary>
internal sealed record SeriesChoice(Matcher[] Matchers, Predicate<string> Accepts)
{
    private static readonly Matcher Metric = new(MatchType.Equal, "__name__", "mixed");

    /// <summary>All series.</summary>
    public static SeriesChoice All { get; } = new([Metric], _ => true);

    /// <summary>Draws a choice.</summary>
    public static SeriesChoice Draw(Random random, int jobs)
    {
        int job = random.Next(jobs), zone = random.Next(3);
        return random.Next(7) switch
        {
            0 => All,
            1 => Of(MatchType.Equal, "zone", $"z{zone}", name => ZoneOf(name) == $"z{zone}"),
            2 => Of(MatchType.NotEqual, "zone", $"z{zone}", name => ZoneOf(name) != $"z{zone}"),
            3 => Of(MatchType.RegexMatch, "job", $"j{job}(-.*)?", name => StemOf(name) == $"j{job}"),
            4 => Of(MatchType.RegexNotMatch, "job", $"j{job}(-.*)?", name => StemOf(name) != $"j{job}"),
            5 => Of(MatchType.Equal, "pad", "", name => !IsPadded(name)),
            _ => Of(MatchType.Equal, "job", $"j{job}", name => name == $"j{job}"),
        };
    }

    /// <summary>The zone of a series.</summary>
    public static string ZoneOf(string job) => $"z{(job[1] - '0') % 3}";

    /// <summary>Whether a series has a long label.</summary>
    public static bool IsPadded(string job) => job.Contains('-', StringComparison.Ordinal);

    private static SeriesChoice Of(MatchType type, string name, string value, Predicate<string> accepts) =>
        new([Metric, new Matcher(type, name, value)], accepts);

    private static string StemOf(string job) => job.Split('-')[0];
}
