namespace Forethought.Configuration;

/// <summary><c>storage.tsdb</c>.</summary>
public sealed record TsdbConfiguration
{
    internal static TsdbConfiguration Zero { get; } = new();

    /// <summary>How far back samples may be out of order; zero for not at all.</summary>
    public TimeSpan OutOfOrderTimeWindow { get; init; }

    /// <summary>The share of stale series (0 to 1) above which they are compacted early; 0 for never.</summary>
    public double StaleSeriesCompactionThreshold { get; init; }

    /// <summary><c>chunk_encoding.floats</c>: <c>xor</c>, <c>xor2</c>, or empty to follow the feature flag.</summary>
    public string FloatChunkEncoding { get; init; } = "";

    /// <summary>The retention; <see langword="null"/> when the section is absent and the flags decide.</summary>
    public RetentionConfiguration? Retention { get; init; }
}
