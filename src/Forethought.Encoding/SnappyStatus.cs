namespace Forethought.Encoding;

/// <summary>What became of reading a Snappy block.</summary>
public enum SnappyStatus
{
    /// <summary>All went well.</summary>
    Ok,

    /// <summary>The input is not a whole, well-formed block. Upstream's text: <c>snappy: corrupt input</c>.</summary>
    Corrupt,

    /// <summary>
    /// The block declares more bytes than the caller allows or has room for. Upstream's text: <c>snappy: decoded block is too large</c>.
    /// </summary>
    TooLarge,
}
