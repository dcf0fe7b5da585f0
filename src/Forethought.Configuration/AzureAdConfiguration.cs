namespace Forethought.Configuration;

/// <summary><c>remote_write[].azuread</c>: exactly one of the identities is set.</summary>
public sealed record AzureAdConfiguration
{
    internal static AzureAdConfiguration Zero { get; } = new();

    /// <summary>A managed identity.</summary>
    public AzureIdentity? ManagedIdentity { get; init; }

    /// <summary>A workload identity.</summary>
    public AzureIdentity? WorkloadIdentity { get; init; }

    /// <summary>An application with a secret.</summary>
    public AzureIdentity? OAuth { get; init; }

    /// <summary>Whatever the SDK's chain finds.</summary>
    public AzureIdentity? Sdk { get; init; }

    /// <summary>An application with a certificate.</summary>
    public AzureIdentity? Certificate { get; init; }

    /// <summary><c>AzurePublic</c>, <c>AzureChina</c> or <c>AzureGovernment</c>.</summary>
    public string Cloud { get; init; } = "";

    /// <summary>The scope asked for; empty for the cloud's own.</summary>
    public string Scope { get; init; } = "";
}
