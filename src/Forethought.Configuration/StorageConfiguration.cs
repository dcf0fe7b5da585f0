namespace Forethought.Configuration;

/// <summary><c>storage</c>: what of the storage can be changed by a reload.</summary>
public sealed record StorageConfiguration
{
    internal static StorageConfiguration Zero { get; } = new();

    /// <summary><c>tsdb</c>; all unset when the section is absent.</summary>
    public TsdbConfiguration Tsdb { get; init; } = TsdbConfiguration.Zero;

    /// <summary>
    /// <c>exemplars.max_exemplars</c>: how many exemplars the ring holds; <see langword="null"/> for the default, 0 or less for none.
    /// </summary>
    public ExemplarsConfiguration? Exemplars { get; init; }
}
