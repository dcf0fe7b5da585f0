namespace Forethought.Client;

/// <summary>Counters of one name, told apart by labels.</summary>
public sealed class CounterFamily : MetricFamily<Counter>
{
    private readonly TimeProvider _timeProvider;

    /// <summary>A family without children, to be registered by the caller.</summary>
    /// <exception cref="ArgumentException">The name or a label is not valid.</exception>
    public CounterFamily(string name, string help, IReadOnlyList<string> labelNames, MetricOptions? options = null)
        : base((options ?? MetricOptions.Default).Describe(name, help, MetricType.Counter, labelNames)) =>
        _timeProvider = (options ?? MetricOptions.Default).TimeProvider;

    private protected override Counter CreateChild(string[] labels) => new(Descriptor, labels, _timeProvider);
}
