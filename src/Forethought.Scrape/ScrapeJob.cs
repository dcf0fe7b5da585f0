using System.Collections.Concurrent;
using Forethought.Configuration;
using Forethought.Http;
using Forethought.Model;
using Forethought.Scrape.Samples;
using Forethought.Scrape.Transport;

namespace Forethought.Scrape;

/// <summary>
/// One job of the configuration, made ready: everything that can fail has been done. Immutable but for the shared metadata.
/// </summary>
internal sealed class ScrapeJob : IDisposable
{
    /// <exception cref="ScrapeConfigurationException">The configuration cannot be used.</exception>
    public ScrapeJob(ScrapeConfiguration configuration, ScrapeOptions options)
    {
        Configuration = configuration;
        try
        {
            Rules = new SampleRules(configuration) { PassesMetadata = options.PassesMetadata };
            Relabeller = new Relabeller(configuration.RelabelRules, Rules.Validation);
            Shape = new RequestShape(configuration);
            Http = OutgoingHttpClient.Create(configuration.Http, new OutgoingHttpOptions
            {
                UserAgent = options.UserAgent,
                ConnectionMetrics = options.ConnectionMetrics,
                DialerName = configuration.JobName,
                TimeProvider = options.TimeProvider,
            });
        }
        catch (Exception e) when (e is HttpConfigurationException or ArgumentException)
        {
            throw new ScrapeConfigurationException($"error creating HTTP client: {e.Message}", e);
        }
    }

    public ScrapeConfiguration Configuration { get; }

    public string Name => Configuration.JobName;

    public SampleRules Rules { get; }

    /// <summary>The relabelling of targets.</summary>
    public Relabeller Relabeller { get; }

    public RequestShape Shape { get; }

    public OutgoingHttpClient Http { get; }

    /// <summary>Equal metadata of the job's targets, kept once.</summary>
    public ConcurrentDictionary<MetricMetadata, MetricMetadata> SharedMetadata { get; } = [];

    /// <summary>Whether caches of scrapes under <paramref name="other"/> are still right: what was changed does not touch labels.</summary>
    public bool KeepsCachesOf(ScrapeJob other) => WithoutHarmless(Configuration).Equals(WithoutHarmless(other.Configuration));

    public void Dispose() => Http.Dispose();

    private static ScrapeConfiguration WithoutHarmless(ScrapeConfiguration job) => job with
    {
        ScrapeInterval = default,
        ScrapeTimeout = default,
        SampleLimit = 0,
        Http = HttpClientSettings.Default,
    };
}
