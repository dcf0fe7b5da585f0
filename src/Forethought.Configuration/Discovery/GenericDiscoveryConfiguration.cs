using Forethought.Http;

namespace Forethought.Configuration;

/// <summary>An item of a discovery mechanism that has no record of its own: its keys are known and checked, and kept in a table.</summary>
public sealed record GenericDiscoveryConfiguration : DiscoveryConfiguration
{
    private readonly ValueList<string> _pathKeys;

    internal GenericDiscoveryConfiguration(string mechanism, SectionValues section, ValueList<string> pathKeys)
    {
        Mechanism = mechanism;
        Section = section;
        _pathKeys = pathKeys;
    }

    /// <inheritdoc/>
    public override string Mechanism { get; }

    /// <summary>The keys and values.</summary>
    public SectionValues Section { get; private init; }

    internal override GenericDiscoveryConfiguration WithDirectory(string directory)
    {
        SectionValues joined = Section with { Http = Section.Http.WithDirectory(directory) };
        foreach (string key in _pathKeys)
        {
            joined = joined.Values.ContainsKey(key) ? joined.With(key, ConfiguredPath.Join(directory, joined.Text(key))) : joined;
        }

        if (joined.Values.TryGetValue("tls_config", out object? tls) && tls is TlsSettings settings)
        {
            joined = joined.With("tls_config", settings.WithDirectory(directory));
        }

        return this with { Section = joined };
    }
}
