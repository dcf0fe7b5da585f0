namespace Forethought.Discovery;

/// <summary>What discovery takes from the server around it.</summary>
public sealed record DiscoveryOptions
{
    /// <summary>The defaults.</summary>
    public static DiscoveryOptions Default { get; } = new();

    /// <summary>The clock.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>The <c>User-Agent</c> of requests.</summary>
    public string UserAgent { get; init; } = "";

    /// <summary>The longest pause between updates when they come without end; the shortest is 100 ms.</summary>
    public TimeSpan UpdateInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Called with each problem, from any thread.</summary>
    public Action<DiscoveryProblem>? Problem { get; init; }
}
