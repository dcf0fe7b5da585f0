using System.Globalization;

namespace Forethought.Testing;

/// <summary>
/// How long and from where the random tests run. Among the tests they are short and always the same; <c>make fuzz</c> sets
/// <c>FORETHOUGHT_FUZZ_FACTOR</c> and <c>FORETHOUGHT_FUZZ_SEED</c> and prints both, so that a failure can be repeated.
/// </summary>
public static class Fuzz
{
    /// <summary>How many rounds to run where the short version runs <paramref name="rounds"/>.</summary>
    public static int Rounds(int rounds) => (int)Math.Min((long)rounds * Read("FORETHOUGHT_FUZZ_FACTOR", 1), int.MaxValue);

    /// <summary>The source of randomness that the short version seeds with <paramref name="seed"/>.</summary>
    public static Random Random(int seed) => new(seed + Read("FORETHOUGHT_FUZZ_SEED", 0));

    private static int Read(string variable, int unset) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : unset;
}
