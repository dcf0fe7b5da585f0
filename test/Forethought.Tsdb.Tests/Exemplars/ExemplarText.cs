using System.Globalization;
using Forethought.Model;
using Forethought.Storage;
using Forethought.Tsdb.Exemplars;

namespace Forethought.Tsdb.Tests.Exemplars;

/// <summary>Exemplars as words: <c>a:0.2@5</c> is the value 0.2 at time 5 of the series <c>a</c>.</summary>
internal static class ExemplarText
{
    public static readonly Matcher[] Everything = [new(Forethought.Model.MatchType.RegexMatch, "service", ".*")];

    public static Labels Series(string name) => Labels.FromStrings("service", name);

    public static (Labels Series, Exemplar Exemplar) Parse(string word, bool hasTime = false)
    {
        string[] parts = word.Split(':', '@');
        double value = double.Parse(parts[1], CultureInfo.InvariantCulture);
        long time = long.Parse(parts[2], CultureInfo.InvariantCulture);
        return (Series(parts[0]), new Exemplar(Labels.FromStrings("trace_id", parts[0]), value, time, hasTime));
    }

    /// <summary>Adds all and says what became of each.</summary>
    public static List<ExemplarOutcome> Add(ExemplarRing ring, string words) =>
        [.. words.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word => Add(ring, Parse(word)))];

    public static ExemplarOutcome Add(ExemplarRing ring, (Labels Series, Exemplar Exemplar) exemplar) =>
        ring.Add(exemplar.Series.Packed, exemplar.Series.Hash(), new ExemplarData(exemplar.Exemplar));

    public static string Show(ExemplarRing ring, params Matcher[] matchers) =>
        Show(ring.Select(long.MinValue, long.MaxValue, [matchers.Length == 0 ? Everything : matchers]));

    public static string Show(IEnumerable<ExemplarSeries> all) => string.Join(' ', all.SelectMany(series => series.Exemplars.Select(
        exemplar => string.Create(CultureInfo.InvariantCulture, $"{series.Labels["service"]}:{exemplar.Value}@{exemplar.TimeMs}"))));
}
