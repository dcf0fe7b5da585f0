using System.Runtime.InteropServices;
using Forethought.Encoding;
using Forethought.Model;
using Forethought.Storage;
using Forethought.Tsdb.Platform;

namespace Forethought.Tsdb.Blocks;

/// <summary>
/// Writes an index of version 2: all symbols, then all series, then <see cref="Finish"/>. Holds the symbols, and for each series
/// some ten bytes while it is added to and some twenty more at the end. For one thread.
/// </summary>
internal sealed class BlockIndexWriter : IDisposable
{
    private const int MaxLabelBytes = 2 * 5;
    private const int MaxChunkBytes = 3 * Varint.MaxLength;

    private readonly IStorageFile _file;
    private readonly string _path;
    private readonly SequentialWriter _writer;
    private readonly SymbolDictionary _symbols = new();
    private readonly Dictionary<uint, int> _nameUses = [];
    private readonly List<uint> _series = [];
    private byte[] _entry = new byte[1024];
    private byte[] _previousLabels = [];
    private int _previousLength;
    private ulong _previousChunk;
    private long _seriesStart = -1;

    /// <summary>Begins the index in a block's directory.</summary>
    /// <exception cref="IOException">The file cannot be created.</exception>
    public BlockIndexWriter(IStorageDirectory directory)
    {
        _path = Path.Combine(directory.FullName, BlockIndexFormat.Name);
        _file = directory.Create(BlockIndexFormat.Name);
        _writer = new SequentialWriter(_file);
        _writer.WriteUInt32(BlockIndexFormat.Magic);
        _writer.WriteByte(BlockIndexFormat.Version2);
    }

    /// <summary>Adds a text that labels use; texts come in byte order, each once, and before all series.</summary>
    /// <exception cref="StorageException">It comes out of order, or there is no more room.</exception>
    public void AddSymbol(ReadOnlySpan<byte> text)
    {
        if (_seriesStart >= 0)
            throw new InvalidOperationException("symbols come before series");
        _symbols.Add(text);
    }

    /// <summary>Adds a series with its chunks, in order of labels, all of whose names and values are symbols.</summary>
    /// <exception cref="StorageException">The series, or one of its chunks, comes out of order; or a symbol is missing.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void AddSeries(ReadOnlySpan<byte> packedLabels, ReadOnlySpan<ChunkMeta> chunks)
    {
        if (_seriesStart < 0)
            WriteSymbols();
        CheckOrder(packedLabels, chunks);
        int length = Encode(packedLabels, chunks);
        _writer.Pad(BlockIndexFormat.SeriesAlignment);
        long reference = _writer.Position / BlockIndexFormat.SeriesAlignment;
        if (reference > uint.MaxValue)
            throw new StorageException($"\"{_path}\" exceeding max size of 64GiB");
        _series.Add((uint)reference);
        _writer.WriteUvarint((ulong)length);
        _writer.BeginChecksum();
        _writer.Write(_entry.AsSpan(0, length));
        _writer.WriteChecksum();
    }

    /// <summary>Writes what follows the series and returns once everything is on stable storage.</summary>
    /// <exception cref="StorageException">A section outgrew the format.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Finish()
    {
        if (_seriesStart < 0)
            WriteSymbols();
        long seriesEnd = _writer.Position;
        _writer.Flush();
        _writer.Pad(BlockIndexFormat.PostingsAlignment);
        var postings = new PostingsSectionWriter(_writer, _symbols, _nameUses);
        postings.WritePostings(CollectionsMarshal.AsSpan(_series), () => new SeriesScanner(_file, _seriesStart, seriesEnd));
        long table = _writer.Position;
        postings.WriteTable();

        // Label indices are not written any more; their offsets are where they would be.
        new IndexToc(BlockIndexFormat.HeaderBytes, _seriesStart, seriesEnd, table, seriesEnd, table).Write(_writer);
        _writer.Sync();
    }

    /// <summary>Closes the file; what was not finished is no index.</summary>
    public void Dispose() => _writer.Dispose();

    private void WriteSymbols()
    {
        _writer.WriteUInt32((uint)(sizeof(uint) + _symbols.Table.Length));
        _writer.BeginChecksum();
        _writer.WriteUInt32((uint)_symbols.Count);
        _writer.Write(_symbols.Table);
        _writer.WriteChecksum();
        _seriesStart = _writer.Position;
    }

    private void CheckOrder(ReadOnlySpan<byte> packedLabels, ReadOnlySpan<ChunkMeta> chunks)
    {
        ReadOnlySpan<byte> previous = _previousLabels.AsSpan(0, _previousLength);
        if (PackedLabels.Compare(packedLabels, previous) <= 0)
        {
            throw new StorageException(
                $"out-of-order series added with label set {Quote(packedLabels)}, last label set {Quote(previous)}");
        }

        for (int i = 0; i < chunks.Length; i++)
        {
            ChunkMeta chunk = chunks[i];
            if (chunk.Reference < _previousChunk)
                throw new StorageException($"unsorted chunk reference: {chunk.Reference}, previous: {_previousChunk}");
            if (i > 0 && chunk.MinTimeMs <= chunks[i - 1].MaxTimeMs)
                throw new StorageException($"chunk minT {chunk.MinTimeMs} is not higher than previous chunk maxT {chunks[i - 1].MaxTimeMs}");
            if (chunk.MaxTimeMs < chunk.MinTimeMs)
                throw new StorageException($"chunk maxT {chunk.MaxTimeMs} is less than minT {chunk.MinTimeMs}");
            _previousChunk = chunk.Reference;
        }

        if (_previousLabels.Length < packedLabels.Length)
            _previousLabels = new byte[packedLabels.Length * 2];
        packedLabels.CopyTo(_previousLabels);
        _previousLength = packedLabels.Length;
    }

    private int Encode(ReadOnlySpan<byte> packedLabels, ReadOnlySpan<ChunkMeta> chunks)
    {
        int labels = PackedLabels.Count(packedLabels);
        long needed = 2L * Varint.MaxLength + (long)labels * MaxLabelBytes + (long)chunks.Length * MaxChunkBytes;
        if (_entry.Length < needed)
            _entry = new byte[checked((int)needed * 2)];
        int length = Varint.WriteUvarint(_entry, (ulong)labels);
        for (int offset = 0; offset < packedLabels.Length;)
        {
            uint name = _symbols.Find(PackedLabels.ReadString(packedLabels, ref offset));
            uint value = _symbols.Find(PackedLabels.ReadString(packedLabels, ref offset));
            CollectionsMarshal.GetValueRefOrAddDefault(_nameUses, name, out _)++;
            length += Varint.WriteUvarint(_entry.AsSpan(length), name);
            length += Varint.WriteUvarint(_entry.AsSpan(length), value);
        }

        return length + EncodeChunks(chunks, _entry.AsSpan(length));
    }

    // Of the first chunk times and reference are written, of the others the distances to the chunk before.
    private static int EncodeChunks(ReadOnlySpan<ChunkMeta> chunks, Span<byte> destination)
    {
        int length = Varint.WriteUvarint(destination, (ulong)chunks.Length);
        for (int i = 0; i < chunks.Length; i++)
        {
            ChunkMeta chunk = chunks[i];
            length += i == 0
                ? Varint.WriteVarint(destination[length..], chunk.MinTimeMs)
                : Varint.WriteUvarint(destination[length..], (ulong)(chunk.MinTimeMs - chunks[i - 1].MaxTimeMs));
            length += Varint.WriteUvarint(destination[length..], (ulong)(chunk.MaxTimeMs - chunk.MinTimeMs));
            length += i == 0
                ? Varint.WriteUvarint(destination[length..], chunk.Reference)
                : Varint.WriteVarint(destination[length..], (long)(chunk.Reference - chunks[i - 1].Reference));
        }

        return length;
    }

    private static string Quote(ReadOnlySpan<byte> packedLabels) => GoQuote.Quote(Labels.FromPacked(packedLabels).ToString());
}
