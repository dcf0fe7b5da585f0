namespace Forethought.Web;

/// <summary>How the process is and what it was given, as <c>/api/v1/status/runtimeinfo</c> shows it.</summary>
public sealed record ProcessInformation
{
    /// <summary>When the process started.</summary>
    public required DateTimeOffset StartTime { get; init; }

    /// <summary>Whether the last load of the configuration succeeded.</summary>
    public required bool ReloadSucceeded { get; init; }

    /// <summary>When the configuration in force was loaded.</summary>
    public required DateTimeOffset LastConfiguration { get; init; }

    /// <summary>Corruptions found in the write-ahead log.</summary>
    public required long Corruptions { get; init; }

    /// <summary>How long samples are kept, in Prometheus' form.</summary>
    public required string Retention { get; init; }
}
