namespace Forethought.Encoding;

/// <summary>What became of expanding zstd frames.</summary>
public enum ZstdStatus
{
    /// <summary>All went well.</summary>
    Ok,

    /// <summary>The input is not a sequence of whole, well-formed frames.</summary>
    Corrupt,

    /// <summary>The frames expand to more than the caller allows.</summary>
    TooLarge,

    /// <summary>A frame needs a dictionary.</summary>
    NeedsDictionary,
}
