namespace Forethought.PromQL.Execution;

/// <summary>What one query may ask for beyond its expression and times.</summary>
public sealed record QueryOptions
{
    /// <summary>The engine's defaults.</summary>
    public static QueryOptions Default { get; } = new();

    /// <summary>Overrides <see cref="QueryEngineOptions.LookbackDelta"/>; null or not positive leaves it.</summary>
    public TimeSpan? LookbackDelta { get; init; }

    /// <summary>Whether statistics by step are wanted; they must also be enabled in the engine.</summary>
    public bool PerStepStatistics { get; init; }
}
