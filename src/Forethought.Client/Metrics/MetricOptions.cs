namespace Forethought.Client;

/// <summary>What a metric may be given beyond name, help and labels. Immutable; one object may serve many metrics.</summary>
public record MetricOptions
{
    private static readonly IReadOnlyDictionary<string, string> NoLabels = new Dictionary<string, string>();

    /// <summary>No unit, no constant labels, the system's clock.</summary>
    public static MetricOptions Default { get; } = new();

    /// <summary>The unit in the plural (<c>seconds</c>, <c>bytes</c>), shown by OpenMetrics only; empty for none.</summary>
    public string Unit { get; init; } = "";

    /// <summary>Labels with one value for the whole metric or family.</summary>
    public IReadOnlyDictionary<string, string> ConstantLabels { get; init; } = NoLabels;

    /// <summary>Dates the creation of metrics and exemplars, and slides the time window of summaries.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    internal MetricDescriptor Describe(string name, string help, MetricType type, IReadOnlyList<string>? labelNames = null) =>
        new(name, help, type, labelNames, ConstantLabels, Unit);
}
