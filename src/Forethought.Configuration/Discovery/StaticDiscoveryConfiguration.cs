using Forethought.Http;

namespace Forethought.Configuration;

/// <summary>The <c>static_configs</c> of a section.</summary>
/// <param name="Groups">The groups, in the order of the file.</param>
public sealed record StaticDiscoveryConfiguration(ValueList<StaticTargetGroup> Groups) : DiscoveryConfiguration
{
    /// <inheritdoc/>
    public override string Mechanism => "static";
}
