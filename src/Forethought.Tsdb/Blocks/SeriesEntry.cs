using System.Diagnostics;
using Forethought.Tsdb.Wal;

namespace Forethought.Tsdb.Blocks;

/// <summary>
/// What an index has of a series: symbols of names and values, then chunks. A cursor over bytes whose checksum was verified; nothing
/// else about them is trusted.
/// </summary>
internal ref struct SeriesEntry
{
    private const int SmallestLabel = 2;
    private const int SmallestChunk = 3;

    private RecordReader _reader;
    private int _labelsLeft;

    public SeriesEntry(ReadOnlySpan<byte> content)
    {
        _reader = new RecordReader(content, 0);
        _labelsLeft = _reader.ReadCount(SmallestLabel);
    }

    /// <summary>Moves to the next label; false behind the last.</summary>
    public bool NextLabel(out uint name, out uint value)
    {
        name = value = 0;
        if (_labelsLeft == 0)
            return false;
        _labelsLeft--;
        name = ReadSymbol();
        value = ReadSymbol();
        return true;
    }

    /// <summary>Adds the chunks that have something in a range of times to a list, once all labels are passed.</summary>
    public void ReadChunks(List<ChunkMeta> chunks, long firstMs = long.MinValue, long lastMs = long.MaxValue)
    {
        Debug.Assert(_labelsLeft == 0, "labels come before chunks");
        int count = _reader.ReadCount(SmallestChunk);
        long maxTimeMs = 0;
        ulong reference = 0;
        for (int i = 0; i < count; i++)
        {
            // Of the first chunk time and reference are written, of the others distances.
            long minTimeMs = i == 0 ? _reader.ReadVarint() : maxTimeMs + (long)_reader.ReadUvarint();
            maxTimeMs = minTimeMs + (long)_reader.ReadUvarint();
            reference = i == 0 ? _reader.ReadUvarint() : reference + (ulong)_reader.ReadVarint();
            if (minTimeMs > lastMs)
                return;
            if (maxTimeMs >= firstMs)
                chunks.Add(new ChunkMeta(reference, minTimeMs, maxTimeMs));
        }
    }

    private uint ReadSymbol()
    {
        int at = _reader.Position;
        ulong symbol = _reader.ReadUvarint();
        if (symbol > uint.MaxValue)
            TsdbCorruptionException.Throw("invalid size", at, "a symbol of 32 bits", $"{symbol}");
        return (uint)symbol;
    }
}
