namespace Forethought.Configuration;

/// <summary><c>remote_write[].metadata_config</c>.</summary>
public sealed record RemoteMetadataConfiguration
{
    /// <summary>The defaults: sent each minute, 2,000 at a time.</summary>
    public static RemoteMetadataConfiguration Default { get; } =
        new() { Send = true, SendInterval = TimeSpan.FromMinutes(1), MaxSamplesPerSend = 2_000 };

    internal static RemoteMetadataConfiguration Zero { get; } = new();

    /// <summary>Whether metadata is sent.</summary>
    public bool Send { get; init; }

    /// <summary>How often.</summary>
    public TimeSpan SendInterval { get; init; }

    /// <summary>The most entries of a request.</summary>
    public long MaxSamplesPerSend { get; init; }
}
