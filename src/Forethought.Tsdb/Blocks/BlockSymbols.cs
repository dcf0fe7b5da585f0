using Forethought.Tsdb.Wal;

namespace Forethought.Tsdb.Blocks;

/// <summary>
/// The texts of an index, sorted. Keeps the place of every 32nd one in memory. A symbol is a text's number; in indexes of version 1 it
/// is where the text is in the file. Thread-safe.
/// </summary>
internal sealed class BlockSymbols
{
    private const string Doing = "read symbols";

    private readonly IndexFile _file;
    private readonly long _start;
    private readonly int _length;
    private readonly bool _isByOffset;

    // Places are counted from the start of the section's content.
    private readonly uint[] _places;

    /// <exception cref="TsdbCorruptionException">The symbol table is damaged.</exception>
    public BlockSymbols(IndexFile file)
    {
        _file = file;
        _start = file.Toc.Symbols + BlockIndexFormat.LengthBytes;
        _isByOffset = file.Version == BlockIndexFormat.Version1;
        ReadOnlySpan<byte> content = file.Section(file.Toc.Symbols, Doing);
        _length = content.Length;
        try
        {
            var reader = new RecordReader(content, 0);
            uint count = reader.ReadUInt32();
            if (count > (uint)reader.Remaining)
                TsdbCorruptionException.Throw("invalid size", 0, $"at most {reader.Remaining} symbols", $"{count}");
            Count = (int)count;
            _places = new uint[(Count + BlockIndexFormat.Stride - 1) / BlockIndexFormat.Stride];
            for (int i = 0; i < Count; i++)
            {
                if (i % BlockIndexFormat.Stride == 0)
                    _places[i / BlockIndexFormat.Stride] = (uint)reader.Position;
                reader.ReadText();
            }
        }
        catch (TsdbCorruptionException e)
        {
            throw file.Locate(e, _start, Doing);
        }
    }

    /// <summary>The number of texts.</summary>
    public int Count { get; }

    /// <summary>Bytes of memory held.</summary>
    public long MemoryBytes => _places.LongLength * sizeof(uint);

    /// <summary>The text of a symbol.</summary>
    /// <exception cref="TsdbCorruptionException">There is no such symbol.</exception>
    public ReadOnlySpan<byte> this[uint symbol] => TextAt(PlaceOf(symbol));

    /// <summary>Where a symbol's text is: worth keeping, since to find it takes up to 31 steps.</summary>
    /// <exception cref="TsdbCorruptionException">There is no such symbol.</exception>
    public int PlaceOf(uint symbol)
    {
        if (_isByOffset)
        {
            long place = symbol - _start;
            if (place < sizeof(uint) || place >= _length)
                throw Unknown(symbol);
            return (int)place;
        }

        if (symbol >= (uint)Count)
            throw Unknown(symbol);
        var reader = new RecordReader(Content, (int)_places[symbol / BlockIndexFormat.Stride]);
        for (uint i = symbol % BlockIndexFormat.Stride; i > 0; i--)
            reader.ReadText();
        return reader.Position;
    }

    /// <summary>The text at a place that <see cref="PlaceOf"/> gave.</summary>
    /// <exception cref="TsdbCorruptionException">There is no text there.</exception>
    public ReadOnlySpan<byte> TextAt(int place)
    {
        try
        {
            return new RecordReader(Content, place).ReadText();
        }
        catch (TsdbCorruptionException e)
        {
            throw _file.Locate(e, _start, Doing);
        }
    }

    /// <summary>Finds the symbol of a text.</summary>
    public bool TryFind(ReadOnlySpan<byte> text, out uint symbol)
    {
        symbol = 0;
        int block = LastBlockFrom(text);
        if (block < 0)
            return false;
        var reader = new RecordReader(Content, (int)_places[block]);
        int end = Math.Min(Count, (block + 1) * BlockIndexFormat.Stride);
        for (int i = block * BlockIndexFormat.Stride; i < end; i++)
        {
            int place = reader.Position;
            int order = reader.ReadText().SequenceCompareTo(text);
            if (order > 0)
                return false;
            if (order < 0)
                continue;
            symbol = _isByOffset ? (uint)(_start + place) : (uint)i;
            return true;
        }

        return false;
    }

    /// <summary>All texts in order; each is valid until the next is asked for.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> All()
    {
        byte[] text = new byte[256];
        int place = sizeof(uint);
        for (int i = 0; i < Count; i++)
        {
            int length = CopyText(ref place, ref text);
            yield return text.AsMemory(0, length);
        }
    }

    private ReadOnlySpan<byte> Content => _file.Content(_start, _length);

    private int CopyText(ref int place, ref byte[] buffer)
    {
        var reader = new RecordReader(Content, place);
        ReadOnlySpan<byte> text = reader.ReadText();
        if (buffer.Length < text.Length)
            buffer = new byte[text.Length * 2];
        text.CopyTo(buffer);
        place = reader.Position;
        return text.Length;
    }

    /// <summary>The last of the known places whose text does not come after another one; −1 if there is none.</summary>
    private int LastBlockFrom(ReadOnlySpan<byte> text)
    {
        int low = 0, high = _places.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (TextAt((int)_places[middle]).SequenceCompareTo(text) <= 0)
                low = middle + 1;
            else
                high = middle;
        }

        return low - 1;
    }

    private TsdbCorruptionException Unknown(uint symbol) =>
        _file.Damage(_start, $"unknown symbol offset {symbol}", $"one of {Count} symbols", $"{symbol}");
}
