using Forethought.Tsdb.Chunks;
using Forethought.Tsdb.Compaction;

namespace Forethought.Tsdb.Tests.Compaction;

/// <summary>One series with given chunks. Bytes are spoilt as soon as they may be, to catch whoever reads them for too long.</summary>
internal sealed class ListedChunks(IReadOnlyList<ListedChunks.Item> chunks) : IChunkSeriesSource
{
    private readonly byte[] _buffer = new byte[chunks.Count == 0 ? 0 : chunks.Max(chunk => chunk.Bytes.Length)];
    private int _next;

    public IEnumerable<ReadOnlyMemory<byte>> Symbols => [];

    public ReadOnlySpan<byte> PackedLabels => [];

    public bool MoveNext() => false;

    /// <summary>Goes back to the first chunk.</summary>
    public void Rewind() => _next = 0;

    public bool NextChunk(out SourceChunk chunk)
    {
        _buffer.AsSpan().Fill(0xcc);
        if (_next == chunks.Count)
        {
            chunk = default;
            return false;
        }

        Item item = chunks[_next++];
        item.Bytes.CopyTo(_buffer, 0);
        chunk = new SourceChunk(item.MinTimeMs, item.MaxTimeMs, item.Encoding, _buffer.AsSpan(0, item.Bytes.Length));
        return true;
    }

    public void Dispose()
    {
    }

    internal sealed record Item(long MinTimeMs, long MaxTimeMs, ChunkEncoding Encoding, byte[] Bytes)
    {
        public static Item Copy(SourceChunk chunk) => new(chunk.MinTimeMs, chunk.MaxTimeMs, chunk.Encoding, chunk.Bytes.ToArray());
    }
}
