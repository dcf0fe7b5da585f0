using System.Net;

namespace Forethought.Http.Proxying;

/// <summary>Chooses the proxy of a request by the settings or the environment, with the rules of Go's <c>httpproxy</c>.</summary>
internal sealed class SettingsProxy : IWebProxy
{
    private readonly Uri? _forHttp;
    private readonly Uri? _forHttps;
    private readonly ProxyBypass? _bypass;

    private SettingsProxy(Uri? forHttp, Uri? forHttps, ProxyBypass? bypass)
    {
        _forHttp = forHttp;
        _forHttps = forHttps;
        _bypass = bypass;
        Credentials = CredentialsOf(forHttps ?? forHttp);
    }

    public ICredentials? Credentials { get; set; }

    /// <summary>The proxy, or <see langword="null"/> when none is configured.</summary>
    internal static SettingsProxy? From(ProxySettings settings, Func<string, string?> environment)
    {
        if (settings.FromEnvironment)
        {
            Uri? http = UriOf(environment("HTTP_PROXY") ?? environment("http_proxy"));
            Uri? https = UriOf(environment("HTTPS_PROXY") ?? environment("https_proxy"));
            return http is null && https is null
                ? null
                : new SettingsProxy(http, https, new ProxyBypass(environment("NO_PROXY") ?? environment("no_proxy") ?? ""));
        }

        Uri? url = UriOf(settings.Url?.ToString());
        return url is null ? null : new SettingsProxy(url, url, settings.NoProxy.Length == 0 ? null : new ProxyBypass(settings.NoProxy));
    }

    public Uri? GetProxy(Uri destination) => IsBypassed(destination) ? null : For(destination);

    public bool IsBypassed(Uri host) => For(host) is null || _bypass?.Matches(host) == true;

    private Uri? For(Uri destination) => destination.Scheme is "https" or "wss" ? _forHttps : _forHttp;

    private static Uri? UriOf(string? text) =>
        string.IsNullOrEmpty(text) ? null
        : Uri.TryCreate(text.Contains("://", StringComparison.Ordinal) ? text : "http://" + text, UriKind.Absolute, out Uri? uri) ? uri
        : throw new HttpConfigurationException($"invalid proxy address \"{text}\"");

    private static NetworkCredential? CredentialsOf(Uri? proxy)
    {
        if (proxy is null || proxy.UserInfo.Length == 0)
        {
            return null;
        }

        string[] parts = proxy.UserInfo.Split(':', 2);
        return new NetworkCredential(Uri.UnescapeDataString(parts[0]), parts.Length > 1 ? Uri.UnescapeDataString(parts[1]) : "");
    }
}
