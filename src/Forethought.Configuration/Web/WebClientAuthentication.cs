namespace Forethought.Configuration;

/// <summary>What the server wants of its clients' certificates (<c>client_auth_type</c>).</summary>
public enum WebClientAuthentication
{
    /// <summary>Nothing.</summary>
    NoClientCert,

    /// <summary>One is asked for; none is needed, and any is taken.</summary>
    RequestClientCert,

    /// <summary>One is needed; any is taken.</summary>
    RequireAnyClientCert,

    /// <summary>None is needed; one that is shown must be valid.</summary>
    VerifyClientCertIfGiven,

    /// <summary>A valid one is needed.</summary>
    RequireAndVerifyClientCert,
}
