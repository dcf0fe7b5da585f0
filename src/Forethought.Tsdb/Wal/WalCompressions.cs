namespace Forethought.Tsdb.Wal;

/// <summary>How compressions are called in metrics.</summary>
internal static class WalCompressions
{
    /// <summary>The name; null for none.</summary>
    public static string? NameOf(WalCompression compression) => compression switch
    {
        WalCompression.Snappy => "snappy",
        WalCompression.Zstd => "zstd",
        _ => null,
    };
}
