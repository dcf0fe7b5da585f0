namespace Forethought.Configuration.Sections;

/// <summary>A null item in a list of discovery sections, kept until the section around it is checked.</summary>
internal sealed record NullDiscoveryConfiguration(string Key) : DiscoveryConfiguration
{
    public override string Mechanism => Key;
}
