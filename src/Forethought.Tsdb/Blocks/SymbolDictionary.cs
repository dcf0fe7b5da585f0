using Forethought.Encoding;
using Forethought.Storage;

namespace Forethought.Tsdb.Blocks;

/// <summary>
/// The symbols of an index that is being written: texts in byte order, numbered from 0, found by a hash table over the bytes of the
/// symbol table itself. 12 bytes a symbol besides the text. For one thread.
/// </summary>
internal sealed class SymbolDictionary
{
    private const int FirstSlots = 1 << 10;

    // Each text behind its length, as in the file.
    private byte[] _table = new byte[1 << 16];
    private int _length;
    private int[] _places = new int[FirstSlots / 2];

    // Open addressing; 0 is free, else a symbol plus one. At most half of the slots are taken.
    private int[] _slots = new int[FirstSlots];

    /// <summary>The number of symbols.</summary>
    public int Count { get; private set; }

    /// <summary>All texts as they are in the file, each behind its length.</summary>
    public ReadOnlySpan<byte> Table => _table.AsSpan(0, _length);

    /// <summary>The text of a symbol.</summary>
    public ReadOnlySpan<byte> this[uint symbol]
    {
        get
        {
            Varint.TryReadUvarint(_table.AsSpan(_places[symbol]), out ulong length, out int prefix);
            return _table.AsSpan(_places[symbol] + prefix, (int)length);
        }
    }

    /// <summary>Adds a text, which must come behind all that were added.</summary>
    /// <exception cref="StorageException">It does not, or there is no more room.</exception>
    public void Add(ReadOnlySpan<byte> text)
    {
        if (Count > 0 && text.SequenceCompareTo(this[(uint)Count - 1]) <= 0)
            throw new StorageException($"symbol {GoQuote.Quote(text)} out-of-order");
        Reserve(text.Length);
        if (Count == _places.Length)
            Grow();
        _places[Count] = _length;
        _length += Varint.WriteUvarint(_table.AsSpan(_length), (ulong)text.Length);
        text.CopyTo(_table.AsSpan(_length));
        _length += text.Length;
        _slots[FindSlot(text)] = ++Count;
    }

    /// <summary>The symbol of a text.</summary>
    /// <exception cref="StorageException">It was not added.</exception>
    public uint Find(ReadOnlySpan<byte> text)
    {
        int found = _slots[FindSlot(text)];
        return found > 0 ? (uint)found - 1 : throw new StorageException($"symbol entry for {GoQuote.Quote(text)} does not exist");
    }

    private int FindSlot(ReadOnlySpan<byte> text)
    {
        int mask = _slots.Length - 1;
        int slot = (int)XxHash64.Compute(text) & mask;
        while (_slots[slot] != 0 && !this[(uint)_slots[slot] - 1].SequenceEqual(text))
            slot = (slot + 1) & mask;
        return slot;
    }

    private void Reserve(int textLength)
    {
        long needed = (long)_length + Varint.MaxLength + textLength;
        if (needed > Array.MaxLength)
            throw new StorageException($"symbol table size exceeds {Array.MaxLength} bytes: {needed}");
        if (needed > _table.Length)
            Array.Resize(ref _table, (int)Math.Min(Math.Max(needed, _table.Length * 2L), Array.MaxLength));
    }

    private void Grow()
    {
        Array.Resize(ref _places, _places.Length * 2);
        _slots = new int[_slots.Length * 2];
        for (uint symbol = 0; symbol < Count; symbol++)
            _slots[FindSlot(this[symbol])] = (int)symbol + 1;
    }
}
