using Forethought.Model;
using Forethought.Tsdb.Compaction;

namespace Forethought.Tsdb.Tests.Blocks;

/// <summary>Series and chunks in memory, in the order in which they were added.</summary>
internal sealed class ChunkList : IChunkSeriesSource
{
    private readonly List<(byte[] Labels, ListedChunk[] Chunks)> _series = [];
    private int _current = -1;
    private int _next;

    public IEnumerable<ReadOnlyMemory<byte>> Symbols =>
        ExtraSymbols.Length == 0
            ? SymbolsOf(_series.Select(series => series.Labels)).Select(symbol => new ReadOnlyMemory<byte>(symbol))
            : ExtraSymbols.Select(symbol => new ReadOnlyMemory<byte>(symbol));

    /// <summary>Given instead of the symbols that the series use.</summary>
    public byte[][] ExtraSymbols { get; init; } = [];

    public ReadOnlySpan<byte> PackedLabels => _series[_current].Labels;

    /// <summary>What series and chunks there are, for the tests.</summary>
    public IReadOnlyList<(byte[] Labels, ListedChunk[] Chunks)> Series => _series;

    public bool IsDisposed { get; private set; }

    /// <summary>All names and values of some label sets, sorted.</summary>
    public static IEnumerable<byte[]> SymbolsOf(IEnumerable<byte[]> labels)
    {
        var symbols = new SortedSet<byte[]>(Comparer<byte[]>.Create((a, b) => a.AsSpan().SequenceCompareTo(b)));
        foreach (byte[] packed in labels)
        {
            for (int offset = 0; offset < packed.Length;)
                symbols.Add(Model.PackedLabels.ReadString(packed, ref offset).ToArray());
        }

        return symbols;
    }

    public ChunkList Add(byte[] labels, params ListedChunk[] chunks)
    {
        _series.Add((labels, chunks));
        return this;
    }

    public ChunkList Add(Labels labels, params ListedChunk[] chunks) => Add(labels.Packed.ToArray(), chunks);

    /// <summary>The same with the series in order.</summary>
    public ChunkList Sorted()
    {
        _series.Sort((a, b) => Model.PackedLabels.Compare(a.Labels, b.Labels));
        return this;
    }

    public bool MoveNext()
    {
        _next = 0;
        return ++_current < _series.Count;
    }

    public bool NextChunk(out SourceChunk chunk)
    {
        chunk = default;
        ListedChunk[] chunks = _series[_current].Chunks;
        if (_next == chunks.Length)
            return false;
        ListedChunk next = chunks[_next++];
        chunk = new SourceChunk(next.MinTimeMs, next.MaxTimeMs, next.Encoding, next.Bytes);
        return true;
    }

    public void Dispose() => IsDisposed = true;
}
