namespace Forethought.Configuration;

/// <summary><c>runtime</c>. Accepted for compatibility: there is no Go garbage collector to tune.</summary>
/// <param name="GoGc">The percentage of <c>gogc</c>.</param>
public sealed record RuntimeConfiguration(long GoGc)
{
    /// <summary>75, unless the environment variable <c>GOGC</c> says otherwise.</summary>
    public static RuntimeConfiguration Default { get; } = new(FromEnvironment(Environment.GetEnvironmentVariable("GOGC")));

    internal static long FromEnvironment(string? gogc) =>
        string.Equals(gogc, "off", StringComparison.OrdinalIgnoreCase) ? -1 : long.TryParse(gogc, out long value) ? value : 75;
}
