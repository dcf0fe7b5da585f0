using System.Globalization;

namespace Forethought.Tsdb.Tests.Histories;

/// <summary>How many histories are run: few, and always the same, unless the environment says otherwise.</summary>
internal static class HistorySoak
{
    private const int ShortRun = 100;

    /// <summary>The first seed.</summary>
    public static int FirstSeed => Read("FORETHOUGHT_HISTORY_SEED", 0);

    /// <summary>Histories of a kind of which a short run has some.</summary>
    public static int Histories(int some) => (int)Math.Max(1, (long)some * Read("FORETHOUGHT_HISTORY_CASES", ShortRun) / ShortRun);

    private static int Read(string variable, int unset) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : unset;
}
