namespace Forethought.Configuration;

/// <summary><c>remote_write[].queue_config</c>.</summary>
public sealed record QueueConfiguration
{
    /// <summary>The defaults.</summary>
    public static QueueConfiguration Default { get; } = new()
    {
        Capacity = 10_000,
        MaxShards = 50,
        MinShards = 1,
        MaxSamplesPerSend = 2_000,
        BatchSendDeadline = TimeSpan.FromSeconds(5),
        MinBackoff = TimeSpan.FromMilliseconds(30),
        MaxBackoff = TimeSpan.FromSeconds(5),
    };

    internal static QueueConfiguration Zero { get; } = new();

    /// <summary>Samples buffered per shard before reading of the WAL blocks.</summary>
    public long Capacity { get; init; }

    /// <summary>The most shards.</summary>
    public long MaxShards { get; init; }

    /// <summary>The fewest shards.</summary>
    public long MinShards { get; init; }

    /// <summary>The most samples of a request.</summary>
    public long MaxSamplesPerSend { get; init; }

    /// <summary>How long a sample waits for its request to fill.</summary>
    public TimeSpan BatchSendDeadline { get; init; }

    /// <summary>The first delay of a retry.</summary>
    public TimeSpan MinBackoff { get; init; }

    /// <summary>The longest delay of a retry.</summary>
    public TimeSpan MaxBackoff { get; init; }

    /// <summary>Whether a status of 429 is retried.</summary>
    public bool RetryOnRateLimit { get; init; }

    /// <summary>The age above which samples are dropped; zero for none.</summary>
    public TimeSpan SampleAgeLimit { get; init; }

    internal string? Problem() =>
        MaxShards <= 0 ? "remote write queue max_shards must be positive"
        : MinShards <= 0 ? "remote write queue min_shards must be positive"
        : MinShards > MaxShards ? "remote write queue min_shards must not be greater than max_shards"
        : MaxSamplesPerSend <= 0 ? "remote write queue max_samples_per_send must be positive"
        : Capacity <= 0 ? "remote write queue capacity must be positive"
        : MaxBackoff < MinBackoff ? "remote write queue max_backoff must not be less than min_backoff"
        : null;
}
