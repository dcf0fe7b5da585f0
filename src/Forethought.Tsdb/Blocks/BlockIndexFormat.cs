namespace Forethought.Tsdb.Blocks;

/// <summary>
/// Numbers of a block's <c>index</c>: header, symbol table, series, postings, table of postings offsets, table of contents; all but the
/// header under CRC-32C. Described in upstream's <c>tsdb/docs/format/index.md</c>.
/// </summary>
internal static class BlockIndexFormat
{
    public const string Name = "index";
    public const uint Magic = 0xBAAAD700;
    public const int HeaderBytes = 5;

    /// <summary>Symbols are referred to by their offset in the file, series too, and the table of postings offsets has no order.</summary>
    public const byte Version1 = 1;

    /// <summary>Symbols are referred to by their number, series by a 16th of their offset.</summary>
    public const byte Version2 = 2;

    /// <summary>Read like version 2, as upstream does.</summary>
    public const byte Version3 = 3;

    public const int SeriesAlignment = 16;
    public const int PostingsAlignment = 4;
    public const int LengthBytes = sizeof(uint);
    public const int ChecksumBytes = sizeof(uint);

    /// <summary>One of so many symbols and postings offsets is kept in memory; the others are found by walking from there.</summary>
    public const int Stride = 32;
}
