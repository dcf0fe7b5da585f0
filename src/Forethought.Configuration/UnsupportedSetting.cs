namespace Forethought.Configuration;

/// <summary>A setting that is valid and set, but whose feature is not there.</summary>
/// <param name="Path">The setting as in <see cref="ConfigurationOptions.UnsupportedSettings"/>.</param>
/// <param name="File">The file it stands in, as given to the loader; empty when the configuration was loaded from text.</param>
/// <param name="Line">The line of its key, or of the item of a list, from 1.</param>
public sealed record UnsupportedSetting(string Path, string File, int Line);
