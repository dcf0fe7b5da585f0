namespace Forethought.Client;

/// <summary><see cref="MetricOptions"/> of summaries.</summary>
public sealed record SummaryOptions : MetricOptions
{
    /// <summary>No quantiles, no unit, no constant labels, the system's clock.</summary>
    public static new SummaryOptions Default { get; } = new();

    /// <summary>The quantiles to estimate; empty (the default) leaves only <c>_sum</c> and <c>_count</c>.</summary>
    public IReadOnlyList<QuantileObjective> Objectives { get; init; } = [];

    /// <summary>How long an observation counts in the quantiles; above zero, 10 minutes unless set. Sum and count never forget.</summary>
    public TimeSpan MaxAge { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// In how many steps observations older than <see cref="MaxAge"/> leave; at least 1, 5 unless set. Each costs memory and time.
    /// </summary>
    public int AgeBuckets { get; init; } = 5;

    /// <exception cref="ArgumentException">An objective or the window is out of its range.</exception>
    internal void Validate()
    {
        if (MaxAge <= TimeSpan.Zero)
            throw new ArgumentException($"illegal max age MaxAge={MaxAge}");
        if (AgeBuckets < 1)
            throw new ArgumentException($"illegal number of age buckets {AgeBuckets}");
        foreach (QuantileObjective objective in Objectives)
        {
            // Without any error every observation would have to be kept; only the ends are known exactly at no cost.
            if (objective is not ({ Quantile: 0 or 1, Error: >= 0 and <= 1 } or { Quantile: > 0 and < 1, Error: > 0 and <= 1 }))
                throw new ArgumentException($"illegal objective {objective}");
        }
    }
}
