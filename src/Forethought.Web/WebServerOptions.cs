namespace Forethought.Web;

/// <summary>How the server listens.</summary>
public sealed record WebServerOptions
{
    /// <summary>Addresses in Go's form: <c>host:port</c>, <c>:port</c>, <c>[::1]:port</c>.</summary>
    public required IReadOnlyList<string> ListenAddresses { get; init; }

    /// <summary>The most connections at a time over all addresses, above zero; further ones wait until one ends.</summary>
    public int MaxConnections { get; init; } = 512;

    /// <summary>How long a request may take to arrive, and how long a connection may rest.</summary>
    public TimeSpan ReadTimeout { get; init; } = TimeSpan.FromMinutes(5);
}
