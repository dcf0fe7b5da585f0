using System.Globalization;
using System.Net;
using Forethought.Configuration;
using Forethought.Encoding;
using Forethought.Http;

namespace Forethought.Discovery.Web;

/// <summary><c>http_sd_configs</c>: asks a URL for target groups in JSON.</summary>
internal sealed class HttpDiscoverer : IDiscoverer, IDisposable
{
    private const string UrlLabel = "__meta_url";
    private const long MaxAnswerBytes = 256L << 20;

    private readonly HttpDiscoveryConfiguration _configuration;
    private readonly MechanismMetrics _metrics;
    private readonly OutgoingHttpClient _client;
    private readonly RefreshLoop _loop;
    private readonly TimeProvider _timeProvider;
    private int _lastCount;

    internal HttpDiscoverer(HttpDiscoveryConfiguration configuration, string set, MechanismMetrics metrics, DiscoveryOptions options)
    {
        _configuration = configuration;
        _metrics = metrics;
        _timeProvider = options.TimeProvider;
        var clientOptions = new OutgoingHttpOptions { UserAgent = options.UserAgent, DialerName = "http", TimeProvider = options.TimeProvider };
        _client = OutgoingHttpClient.Create(configuration.Http, clientOptions);
        _loop = new RefreshLoop("http", set, configuration.RefreshInterval, metrics, options);
    }

    public Task RunAsync(Action<IReadOnlyList<TargetGroup>> publish, CancellationToken cancellationToken) =>
        _loop.RunAsync(RefreshAsync, publish, cancellationToken);

    public void Dispose() => _client.Dispose();

    private async Task<IReadOnlyList<TargetGroup>> RefreshAsync(CancellationToken cancellationToken)
    {
        try
        {
            ValueList<StaticTargetGroup> found = JsonTargetGroups.Parse(await FetchAsync(cancellationToken).ConfigureAwait(false));
            var groups = found.Select((group, index) => TargetGroups.From(group, SourceOf(index), UrlLabel, _configuration.Url)).ToList();
            for (int i = groups.Count; i < _lastCount; i++)
            {
                groups.Add(TargetGroup.Empty(SourceOf(i)));
            }

            _lastCount = found.Count;
            return groups;
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            _metrics.HttpFailures.Inc();
            throw;
        }
    }

    private async Task<byte[]> FetchAsync(CancellationToken cancellationToken)
    {
        // An answer may take as long as the interval, as upstream's client timeout.
        TimeSpan interval = RefreshInterval.Of(_configuration.RefreshInterval, TimeSpan.FromMinutes(1));
        using var deadline = new CancellationTokenSource(interval, _timeProvider);
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        using var request = new HttpRequestMessage(HttpMethod.Get, _configuration.Url);
        request.Headers.TryAddWithoutValidation("Accept", "application/json");
        string seconds = _configuration.RefreshInterval.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture);
        request.Headers.TryAddWithoutValidation("X-Prometheus-Refresh-Interval-Seconds", seconds);
        using HttpResponseMessage response = await _client.SendAsync(request, timeout.Token).ConfigureAwait(false);
        if (response.StatusCode != HttpStatusCode.OK)
        {
            throw new HttpRequestException($"server returned HTTP status {(int)response.StatusCode} {response.ReasonPhrase}");
        }

        string contentType = response.Content.Headers.NonValidated.TryGetValues("Content-Type", out var values) ? values.ToString() : "";
        if (!IsJson(contentType.Trim()))
        {
            throw new HttpRequestException($"unsupported content type {GoQuote.Quote(contentType)}");
        }

        await response.Content.LoadIntoBufferAsync(MaxAnswerBytes, timeout.Token).ConfigureAwait(false);
        return await response.Content.ReadAsByteArrayAsync(timeout.Token).ConfigureAwait(false);
    }

    // application/json, at most with charset=utf-8, in any case: upstream's ^(?i:application\/json(;\s*charset=("utf-8"|utf-8))?)$
    private static bool IsJson(string contentType)
    {
        string[] parts = contentType.ToUpperInvariant().Split(';', 2);
        return parts[0] == "APPLICATION/JSON" && (parts.Length == 1 || parts[1].TrimStart() is "CHARSET=UTF-8" or "CHARSET=\"UTF-8\"");
    }

    private string SourceOf(int index) => string.Create(CultureInfo.InvariantCulture, $"{_configuration.Url}:{index}");
}
