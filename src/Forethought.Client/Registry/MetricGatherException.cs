namespace Forethought.Client;

/// <summary>Collectors failed or contradicted each other; the message lists every error.</summary>
public sealed class MetricGatherException : Exception
{
    /// <summary>An exception for these errors, of which there is at least one.</summary>
    public MetricGatherException(IReadOnlyList<string> errors)
        : base(Describe(errors)) => Errors = [.. errors];

    /// <summary>What went wrong, in the order of events.</summary>
    public IReadOnlyList<string> Errors { get; }

    private static string Describe(IReadOnlyList<string> errors) =>
        errors.Count == 1 ? errors[0] : $"{errors.Count} error(s) occurred:" + string.Concat(errors.Select(error => "\n* " + error));
}
