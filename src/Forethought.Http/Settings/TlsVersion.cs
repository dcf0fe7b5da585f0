namespace Forethought.Http;

/// <summary>A version of TLS that can be demanded as lowest or highest.</summary>
public enum TlsVersion
{
    /// <summary>Not configured: TLS 1.2 as lowest, TLS 1.3 as highest.</summary>
    Unset,

    /// <summary>TLS 1.0, written <c>TLS10</c>.</summary>
    Tls10,

    /// <summary>TLS 1.1, written <c>TLS11</c>.</summary>
    Tls11,

    /// <summary>TLS 1.2, written <c>TLS12</c>.</summary>
    Tls12,

    /// <summary>TLS 1.3, written <c>TLS13</c>.</summary>
    Tls13,
}
