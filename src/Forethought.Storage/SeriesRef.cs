namespace Forethought.Storage;

/// <summary>
/// The identity of a series in the local store: monotonic, never reused, as written to the WAL. The default value means "none".
/// </summary>
public readonly record struct SeriesRef(ulong Value)
{
    /// <summary>No series.</summary>
    public static SeriesRef None => default;

    /// <summary>Whether this names no series.</summary>
    public bool IsNone => Value == 0;
}
