namespace Forethought.Configuration;

/// <summary><c>storage.tsdb.retention</c>: replaces the flags as a whole.</summary>
public sealed record RetentionConfiguration
{
    internal static RetentionConfiguration Zero { get; } = new();

    /// <summary>How long samples are kept; zero for no limit.</summary>
    public TimeSpan Time { get; init; }

    /// <summary>How many bytes the blocks may take; 0 for no limit.</summary>
    public long Size { get; init; }

    /// <summary>How many percent of the file system the data may take, 0 to 100; 0 for no limit.</summary>
    public double Percentage { get; init; }
}
