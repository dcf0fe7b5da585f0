namespace Forethought.Configuration;

/// <summary>A section of the configuration whose feature is not there.</summary>
/// <param name="Name">The section's key, such as <c>remote_write</c> or <c>kubernetes_sd_configs</c>.</param>
/// <param name="File">The file it stands in, as given to the loader; empty when the configuration was loaded from text.</param>
/// <param name="Line">The line of its key, from 1.</param>
public sealed record UnsupportedSection(string Name, string File, int Line);
