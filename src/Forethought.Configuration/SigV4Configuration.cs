using Forethought.Http;

namespace Forethought.Configuration;

/// <summary><c>sigv4</c>: AWS Signature Version 4. Empty members are found by AWS's own chain.</summary>
public sealed record SigV4Configuration
{
    internal static SigV4Configuration Zero { get; } = new();

    /// <summary>The region.</summary>
    public string Region { get; init; } = "";

    /// <summary>The access key; only together with <see cref="SecretKey"/>.</summary>
    public string AccessKey { get; init; } = "";

    /// <summary>The secret key; only together with <see cref="AccessKey"/>.</summary>
    public Secret SecretKey { get; init; }

    /// <summary>The profile of the shared configuration.</summary>
    public string Profile { get; init; } = "";

    /// <summary>The role to assume.</summary>
    public string RoleArn { get; init; } = "";

    /// <summary>The external id for assuming the role.</summary>
    public string ExternalId { get; init; } = "";

    /// <summary>Whether the FIPS endpoint of the token service is used.</summary>
    public bool UseFipsStsEndpoint { get; init; }

    /// <summary>The service name signed for; empty for <c>aps</c>.</summary>
    public string ServiceName { get; init; } = "";
}
