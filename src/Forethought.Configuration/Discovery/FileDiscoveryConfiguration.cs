using Forethought.Http;

namespace Forethought.Configuration;

/// <summary>One item of <c>file_sd_configs</c>.</summary>
public sealed record FileDiscoveryConfiguration : DiscoveryConfiguration
{
    internal static FileDiscoveryConfiguration Default { get; } = new() { RefreshInterval = TimeSpan.FromMinutes(5) };

    /// <inheritdoc/>
    public override string Mechanism => "file";

    /// <summary>Patterns of JSON and YAML files, with stars in the last path element only.</summary>
    public ValueList<string> Files { get; init; } = [];

    /// <summary>How often the files are read again although no change was noticed.</summary>
    public TimeSpan RefreshInterval { get; init; }

    internal override FileDiscoveryConfiguration WithDirectory(string directory) =>
        this with { Files = Files.Select(file => ConfiguredPath.Join(directory, file)).ToValueList() };
}
