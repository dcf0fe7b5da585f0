namespace Forethought.Configuration;

/// <summary><c>storage.exemplars</c>.</summary>
/// <param name="MaxExemplars">How many exemplars are kept; 0 or less keeps none.</param>
public sealed record ExemplarsConfiguration(long MaxExemplars)
{
    /// <summary>What applies when the section is absent.</summary>
    public static ExemplarsConfiguration Default { get; } = new(100_000);

    internal static ExemplarsConfiguration Zero { get; } = new(0);
}
