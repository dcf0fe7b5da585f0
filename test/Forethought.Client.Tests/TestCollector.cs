namespace Forethought.Client.Tests;

/// <summary>A collector made of a function.</summary>
internal sealed class TestCollector(IReadOnlyList<MetricDescriptor> descriptors, Action<MetricWriter> collect) : ICollector
{
    public IReadOnlyList<MetricDescriptor> Descriptors { get; } = descriptors;

    public void Collect(MetricWriter writer) => collect(writer);
}
