using System.Numerics;

namespace Forethought.Encoding;

/// <summary>
/// A decoding table of zstd's finite state entropy coding (RFC 8878, section 4.1): for each state its symbol, the number of bits to
/// read and what they are added to for the next state. Reused; not thread-safe.
/// </summary>
internal sealed class ZstdFseTable
{
    private const int MinAccuracy = 5;

    private readonly byte[] _symbols;
    private readonly byte[] _bits;
    private readonly ushort[] _bases;
    private readonly short[] _counts;

    /// <param name="maxAccuracy">The largest accuracy (table size as a power of two) that the format allows here.</param>
    /// <param name="symbols">The number of symbols that there are.</param>
    public ZstdFseTable(int maxAccuracy, int symbols)
    {
        MaxAccuracy = maxAccuracy;
        _symbols = new byte[1 << maxAccuracy];
        _bits = new byte[1 << maxAccuracy];
        _bases = new ushort[1 << maxAccuracy];
        _counts = new short[symbols];
    }

    public int MaxAccuracy { get; }

    /// <summary>The table's size as a power of two; −1 while it is not filled.</summary>
    public int Accuracy { get; private set; } = -1;

    public byte SymbolOf(uint state) => _symbols[state];

    public uint Next(uint state, ref ZstdBitReader reader) => _bases[state] + reader.Read(_bits[state]);

    public uint FirstState(ref ZstdBitReader reader) => reader.Read(Accuracy);

    /// <summary>Whether moving on from this state takes more bits than there are.</summary>
    public bool WouldOverrun(uint state, in ZstdBitReader reader) => _bits[state] > reader.Remaining;

    /// <summary>Whether a decoder in a state can come to another one next, and the bits that it must read then.</summary>
    public bool Reaches(uint state, uint next, out int value, out int count)
    {
        count = _bits[state];
        value = (int)next - _bases[state];
        return value >= 0 && value < 1 << count;
    }

    /// <summary>Forgets the table.</summary>
    public void Clear() => Accuracy = -1;

    /// <summary>Makes the table of a single symbol, which takes no bits.</summary>
    public void FillWith(byte symbol)
    {
        if (symbol >= _counts.Length)
            throw new InvalidDataException("a symbol out of range");
        Accuracy = 0;
        _symbols[0] = symbol;
        _bits[0] = 0;
        _bases[0] = 0;
    }

    /// <summary>Fills the table for a distribution; −1 stands for a probability below one in the table's size.</summary>
    public void Fill(ReadOnlySpan<short> counts, int accuracy)
    {
        int size = 1 << accuracy;
        int high = size;
        Span<ushort> next = stackalloc ushort[256];
        for (int symbol = 0; symbol < counts.Length; symbol++)
        {
            next[symbol] = (ushort)Math.Abs((int)counts[symbol]);
            if (counts[symbol] == -1)
                _symbols[--high] = (byte)symbol;
        }

        Spread(counts, size, high);
        for (int state = 0; state < size; state++)
        {
            int value = next[_symbols[state]]++;
            int bits = accuracy - BitOperations.Log2((uint)value);
            _bits[state] = (byte)bits;
            _bases[state] = (ushort)((value << bits) - size);
        }

        Accuracy = accuracy;
    }

    /// <summary>Reads a distribution and fills the table for it.</summary>
    /// <returns>The bytes read.</returns>
    /// <exception cref="InvalidDataException">The bytes end or describe no distribution.</exception>
    public int Read(ReadOnlySpan<byte> source)
    {
        var bits = new ForwardBits(source);
        int accuracy = (int)bits.Read(4) + MinAccuracy;
        if (accuracy > MaxAccuracy)
            throw new InvalidDataException("an accuracy out of range");
        int remaining = (1 << accuracy) + 1;
        int symbol = 0;
        while (remaining > 1)
        {
            if (symbol >= _counts.Length)
                throw new InvalidDataException("more symbols than there are");
            int count = ReadCount(ref bits, remaining);
            _counts[symbol++] = (short)count;
            remaining -= Math.Abs(count);
            if (count != 0)
                continue;
            for (uint zeros = 3; zeros == 3;)
            {
                zeros = bits.Read(2);
                if (symbol + zeros > _counts.Length)
                    throw new InvalidDataException("more symbols than there are");
                _counts.AsSpan(symbol, (int)zeros).Clear();
                symbol += (int)zeros;
            }
        }

        Fill(_counts.AsSpan(0, symbol), accuracy);
        return bits.BytesRead;
    }

    /// <summary>
    /// Reads a probability: a value up to <paramref name="remaining"/> in as few bits as that allows, small ones in one bit less.
    /// </summary>
    private static int ReadCount(ref ForwardBits bits, int remaining)
    {
        int width = BitOperations.Log2((uint)remaining) + 1;
        int threshold = 1 << (width - 1);
        int shortOnes = 2 * threshold - 1 - remaining;
        int value = (int)bits.Peek(width);
        if ((value & (threshold - 1)) < shortOnes)
        {
            value &= threshold - 1;
            width--;
        }
        else if (value >= threshold)
        {
            value -= shortOnes;
        }

        bits.Skip(width);
        int count = value - 1;
        if (Math.Abs(count) >= remaining)
            throw new InvalidDataException("probabilities that add up to too much");
        return count;
    }

    private void Spread(ReadOnlySpan<short> counts, int size, int high)
    {
        int step = (size >> 1) + (size >> 3) + 3;
        int position = 0;
        for (int symbol = 0; symbol < counts.Length; symbol++)
        {
            for (int i = 0; i < counts[symbol]; i++)
            {
                _symbols[position] = (byte)symbol;
                do
                    position = (position + step) & (size - 1);
                while (position >= high);
            }
        }

        if (position != 0)
            throw new InvalidDataException("probabilities that do not fill the table");
    }

    /// <summary>Bits in the order of their bytes, least significant first.</summary>
    private ref struct ForwardBits(ReadOnlySpan<byte> source)
    {
        private readonly ReadOnlySpan<byte> _source = source;
        private int _position;

        public readonly int BytesRead => (_position + 7) >> 3;

        public uint Read(int count)
        {
            uint value = Peek(count);
            Skip(count);
            return value;
        }

        /// <summary>The next bits, at most 16; zeros past the end.</summary>
        public readonly uint Peek(int count)
        {
            uint value = 0;
            for (int i = 2, at = (_position >> 3) + 2; i >= 0; i--, at--)
                value = value << 8 | (at < _source.Length ? _source[at] : 0u);
            return (value >> (_position & 7)) & ((1u << count) - 1);
        }

        public void Skip(int count)
        {
            _position += count;
            if (_position > 8 * _source.Length)
                throw new InvalidDataException("a table description that ends early");
        }
    }
}
