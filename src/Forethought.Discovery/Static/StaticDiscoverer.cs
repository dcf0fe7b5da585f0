using System.Globalization;
using Forethought.Configuration;

namespace Forethought.Discovery.Static;

/// <summary><c>static_configs</c>.</summary>
internal sealed class StaticDiscoverer(StaticDiscoveryConfiguration configuration) : IDiscoverer
{
    public Task RunAsync(Action<IReadOnlyList<TargetGroup>> publish, CancellationToken cancellationToken)
    {
        publish([.. configuration.Groups.Select(static (group, index) =>
            TargetGroups.From(group, index.ToString(CultureInfo.InvariantCulture)))]);
        return Task.CompletedTask;
    }
}
