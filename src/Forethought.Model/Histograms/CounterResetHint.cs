namespace Forethought.Model;

/// <summary>What is known about a counter reset between a native histogram and the one before it. The numbers are persisted in the WAL.</summary>
public enum CounterResetHint : byte
{
    /// <summary>Unknown: the histograms have to be compared.</summary>
    Unknown = 0,

    /// <summary>A reset happened before this histogram.</summary>
    CounterReset = 1,

    /// <summary>No reset happened.</summary>
    NotCounterReset = 2,

    /// <summary>A gauge histogram, for which resets have no meaning.</summary>
    Gauge = 3,
}
