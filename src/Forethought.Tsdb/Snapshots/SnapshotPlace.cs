using System.Globalization;

namespace Forethought.Tsdb.Snapshots;

/// <summary>Up to where in the log a snapshot of the head holds everything; part of its directory's name.</summary>
/// <param name="Segment">The segment, -1 for no snapshot.</param>
/// <param name="Offset">The offset in the segment.</param>
internal readonly record struct SnapshotPlace(int Segment, long Offset) : IComparable<SnapshotPlace>
{
    private const string Prefix = "chunk_snapshot.";
    private const string TemporarySuffix = ".tmp";

    /// <summary>No snapshot.</summary>
    public static readonly SnapshotPlace None = new(-1, 0);

    /// <summary>Whether there is a snapshot.</summary>
    public bool Exists => Segment >= 0;

    /// <summary>The name of the snapshot's directory.</summary>
    public string Name => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{Segment:d6}.{Offset:d10}");

    /// <summary>The name under which it is written.</summary>
    public string TemporaryName => Name + TemporarySuffix;

    /// <summary>Whether a directory was left by a snapshot that was not finished.</summary>
    public static bool IsTemporary(string name) =>
        name.StartsWith(Prefix, StringComparison.Ordinal) && name.EndsWith(TemporarySuffix, StringComparison.Ordinal);

    /// <summary>Reads a directory's name.</summary>
    public static bool TryParse(string name, out SnapshotPlace place)
    {
        place = None;
        if (!name.StartsWith(Prefix, StringComparison.Ordinal))
            return false;
        string[] parts = name[Prefix.Length..].Split('.');
        if (parts.Length != 2
            || !int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int segment)
            || !long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out long offset))
            return false;
        place = new SnapshotPlace(segment, offset);
        return true;
    }

    /// <inheritdoc/>
    public int CompareTo(SnapshotPlace other) => (Segment, Offset).CompareTo((other.Segment, other.Offset));
}
