using Forethought.Http;

namespace Forethought.Configuration;

/// <summary>The keys of the identities of <see cref="AzureAdConfiguration"/>; each kind uses some of them.</summary>
public sealed record AzureIdentity
{
    internal static AzureIdentity Zero { get; } = new();

    /// <summary>The application's or identity's id, a UUID.</summary>
    public string ClientId { get; init; } = "";

    /// <summary>The application's secret.</summary>
    public Secret ClientSecret { get; init; }

    /// <summary>The tenant.</summary>
    public string TenantId { get; init; } = "";

    /// <summary>The file with the projected token of a workload identity.</summary>
    public string TokenFilePath { get; init; } = "";

    /// <summary>The certificate, PEM or PFX.</summary>
    public string CertificatePath { get; init; } = "";

    /// <summary>The certificate's key where it is a file of its own.</summary>
    public string CertificateKeyPath { get; init; } = "";

    /// <summary>The password of a PFX file.</summary>
    public Secret CertificatePassword { get; init; }

    /// <summary>Whether the chain is sent along.</summary>
    public bool SendCertificateChain { get; init; }
}
