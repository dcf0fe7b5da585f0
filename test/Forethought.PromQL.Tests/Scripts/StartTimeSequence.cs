using System.Globalization;
using System.Text.RegularExpressions;
using Forethought.Model;
using Pattern = System.Text.RegularExpressions.Regex;

namespace Forethought.PromQL.Tests.Scripts;

/// <summary>The offsets of start timestamps in scripts: <c>_x3 -1m -1m+10sx4</c>, relative to the samples they belong to.</summary>
internal static partial class StartTimeSequence
{
    /// <summary>Milliseconds, null where there is none.</summary>
    public static List<long?> Parse(string text)
    {
        var offsets = new List<long?>();
        foreach (string item in text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            Match match = ItemPattern().Match(item);
            if (!match.Success)
                throw new FormatException($"invalid start time item \"{item}\"");
            int repeat = match.Groups[3].Success ? int.Parse(match.Groups[3].Value, CultureInfo.InvariantCulture) : 0;
            if (match.Groups[1].Value == "_")
            {
                for (int i = 0; i < Math.Max(1, repeat); i++)
                    offsets.Add(null);
                continue;
            }

            long offset = Milliseconds(match.Groups[1].Value);
            long step = match.Groups[2].Success ? Milliseconds(match.Groups[2].Value) : 0;
            for (int i = 0; i <= repeat; i++)
                offsets.Add(offset + (i * step));
        }

        return offsets;
    }

    private static long Milliseconds(string text) =>
        (long)PrometheusDuration.ParseAllowNegative(text.TrimStart('+')).TotalMilliseconds;

    [GeneratedRegex(@"^(_|[+-]?[0-9]+[a-wyz]*)([+-][0-9]+[a-wyz]+)?(?:x([0-9]+))?$")]
    private static partial Pattern ItemPattern();
}
