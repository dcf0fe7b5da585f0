namespace Forethought.Tsdb.Wal;

/// <summary>How records are compressed before they are cut into fragments.</summary>
public enum WalCompression
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>Snappy's block format; the default.</summary>
    Snappy,

    /// <summary>zstd frames; they compress about as well as Snappy's blocks.</summary>
    Zstd,
}
