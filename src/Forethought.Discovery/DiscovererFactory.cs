using Forethought.Configuration;
using Forethought.Discovery.Files;
using Forethought.Discovery.Static;
using Forethought.Discovery.Web;
using Forethought.Http;

namespace Forethought.Discovery;

/// <summary>Makes the discoverer of a section.</summary>
internal sealed class DiscovererFactory(MechanismMetrics metrics, DiscoveryOptions options)
{
    /// <exception cref="HttpConfigurationException">The section's HTTP client cannot be made.</exception>
    /// <exception cref="NotSupportedException">The mechanism is not there.</exception>
    internal IDiscoverer Create(DiscoveryConfiguration configuration, string set) => configuration switch
    {
        StaticDiscoveryConfiguration statics => new StaticDiscoverer(statics),
        FileDiscoveryConfiguration files => new FileDiscoverer(files, set, metrics.Files, options),
        HttpDiscoveryConfiguration http => new HttpDiscoverer(http, set, metrics, options),
        _ => throw new NotSupportedException($"service discovery by {configuration.Mechanism} is not available"),
    };
}
