namespace Forethought.Configuration;

/// <summary>One item of an <c>…_sd_configs</c> list, or all <c>static_configs</c> of a section together. Compared by content.</summary>
public abstract record DiscoveryConfiguration
{
    /// <summary>The mechanism's name, such as <c>file</c>; its key is <c>file_sd_configs</c>.</summary>
    public abstract string Mechanism { get; }

    /// <summary>The section with relative file names joined to <paramref name="directory"/>.</summary>
    internal virtual DiscoveryConfiguration WithDirectory(string directory) => this;
}
