using System.Runtime.InteropServices;

namespace Forethought.Tsdb.Blocks;

/// <summary>A series of a block: labels and chunks. Filled by <see cref="BlockIndex.ReadSeries"/> again and again. For one thread.</summary>
internal sealed class BlockSeries
{
    /// <summary>What the labels of a series may take, packed: far more than any limit on labels allows.</summary>
    private const int MaxPackedBytes = 64 << 20;

    /// <summary>Neighbours in label order have most symbols in common.</summary>
    private const int RememberedSymbols = 1024;

    private readonly (uint Symbol, int Place)[] _places = new (uint, int)[RememberedSymbols];
    private readonly List<ChunkMeta> _chunks = [];
    private byte[] _packed = new byte[512];
    private int _packedLength;

    public BlockSeries() => Array.Fill(_places, (uint.MaxValue, 0));

    /// <summary>The packed labels, until the next series is read.</summary>
    public ReadOnlySpan<byte> PackedLabels => _packed.AsSpan(0, _packedLength);

    /// <summary>The chunks in order of time, until the next series is read.</summary>
    public ReadOnlySpan<ChunkMeta> Chunks => CollectionsMarshal.AsSpan(_chunks);

    /// <summary>Takes over what an entry says of labels, and of chunks with something in a range of times.</summary>
    /// <exception cref="TsdbCorruptionException">It makes no sense.</exception>
    public void Read(SeriesEntry entry, BlockSymbols symbols, long firstMs, long lastMs)
    {
        _chunks.Clear();
        _packedLength = 0;
        while (entry.NextLabel(out uint name, out uint value))
        {
            Append(TextOf(name, symbols));
            Append(TextOf(value, symbols));
        }

        entry.ReadChunks(_chunks, firstMs, lastMs);
    }

    private ReadOnlySpan<byte> TextOf(uint symbol, BlockSymbols symbols)
    {
        ref (uint Symbol, int Place) remembered = ref _places[symbol % RememberedSymbols];
        if (remembered.Symbol != symbol || symbol == uint.MaxValue)
            remembered = (symbol, symbols.PlaceOf(symbol));
        return symbols.TextAt(remembered.Place);
    }

    private void Append(ReadOnlySpan<byte> text)
    {
        long length = (long)_packedLength + Model.PackedLabels.SizeOf(text.Length);
        if (length > MaxPackedBytes || text.Length > Model.PackedLabels.MaxStringLength)
            TsdbCorruptionException.Throw("labels of a series are too long", 0, $"at most {MaxPackedBytes} bytes", $"{length} bytes");
        if (_packed.Length < length)
            Array.Resize(ref _packed, (int)length * 2);
        _packedLength += Model.PackedLabels.WriteString(_packed.AsSpan(_packedLength), text);
    }
}
