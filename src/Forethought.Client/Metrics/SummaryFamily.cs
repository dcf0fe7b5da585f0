namespace Forethought.Client;

/// <summary>Summaries of one name and the same objectives, told apart by labels.</summary>
public sealed class SummaryFamily : MetricFamily<Summary>
{
    private readonly SummaryOptions _options;

    /// <summary>A family without children, to be registered by the caller.</summary>
    /// <exception cref="ArgumentException">The name, a label, an objective or the window is not valid.</exception>
    public SummaryFamily(string name, string help, IReadOnlyList<string> labelNames, SummaryOptions? options = null)
        : base((options ?? SummaryOptions.Default).Describe(name, help, MetricType.Summary, labelNames))
    {
        _options = options ?? SummaryOptions.Default;
        _options.Validate();
    }

    private protected override Summary CreateChild(string[] labels) => new(Descriptor, labels, _options);
}
