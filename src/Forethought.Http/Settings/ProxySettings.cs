namespace Forethought.Http;

/// <summary>The proxy keys of an HTTP client.</summary>
public sealed record ProxySettings
{
    /// <summary>Settings without any key: connect directly.</summary>
    public static ProxySettings None { get; } = new();

    /// <summary><c>proxy_url</c>; <see langword="null"/> when absent.</summary>
    public ConfiguredUrl? Url { get; init; }

    /// <summary><c>no_proxy</c>: hosts, domains, addresses and networks, separated by commas, that are reached directly.</summary>
    public string NoProxy { get; init; } = "";

    /// <summary>Whether <c>HTTP_PROXY</c>, <c>HTTPS_PROXY</c> and <c>NO_PROXY</c> of the environment decide.</summary>
    public bool FromEnvironment { get; init; }

    /// <summary>Headers sent to the proxy with <c>CONNECT</c>.</summary>
    public ValueMap<ValueList<Secret>> ConnectHeaders { get; init; } = ValueMap<ValueList<Secret>>.Empty;

    private bool HasUrl => Url is not null && Url.ToString().Length > 0;

    /// <summary>Checks that the keys agree with each other.</summary>
    /// <exception cref="HttpConfigurationException">They do not.</exception>
    public void Validate()
    {
        if (ConnectHeaders.Count > 0 && !FromEnvironment && !HasUrl)
        {
            throw new HttpConfigurationException(
                "if proxy_connect_header is configured, proxy_url or proxy_from_environment must also be configured");
        }

        if (FromEnvironment && HasUrl)
        {
            throw new HttpConfigurationException("if proxy_from_environment is configured, proxy_url must not be configured");
        }

        if (FromEnvironment && NoProxy.Length > 0)
        {
            throw new HttpConfigurationException("if proxy_from_environment is configured, no_proxy must not be configured");
        }

        if (Url is null && NoProxy.Length > 0)
        {
            throw new HttpConfigurationException("if no_proxy is configured, proxy_url must also be configured");
        }
    }
}
