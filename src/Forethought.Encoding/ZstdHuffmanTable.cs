using System.Numerics;

namespace Forethought.Encoding;

/// <summary>A decoding table of zstd's Huffman coding of literals (RFC 8878, section 4.2). Reused; not thread-safe.</summary>
internal sealed class ZstdHuffmanTable
{
    private const int MaxBits = 11;
    private const int MaxWeightAccuracy = 6;

    private readonly byte[] _symbols = new byte[1 << MaxBits];
    private readonly byte[] _lengths = new byte[1 << MaxBits];
    private readonly byte[] _weights = new byte[256];
    private readonly ZstdFseTable _weightTable = new(MaxWeightAccuracy, 256);
    private int _bits;

    /// <summary>Whether there is a table.</summary>
    public bool IsFilled => _bits > 0;

    /// <summary>Forgets the table.</summary>
    public void Clear() => _bits = 0;

    /// <summary>Reads a table's description.</summary>
    /// <returns>The bytes read.</returns>
    /// <exception cref="InvalidDataException">The bytes end or describe no table.</exception>
    public int Read(ReadOnlySpan<byte> source)
    {
        if (source.IsEmpty)
            throw new InvalidDataException("a Huffman table that ends early");
        int header = source[0];
        bool isPlain = header >= 128;
        int bytes = isPlain ? (header - 127 + 1) / 2 : header;
        if (source.Length - 1 < bytes)
            throw new InvalidDataException("a Huffman table that ends early");
        ReadOnlySpan<byte> description = source.Slice(1, bytes);
        int weights = isPlain ? ReadPlainWeights(description, header - 127) : ReadCodedWeights(description);
        Fill(weights);
        return 1 + bytes;
    }

    /// <summary>Decodes a stream that holds exactly as many symbols as fit the destination.</summary>
    /// <exception cref="InvalidDataException">It holds more or fewer.</exception>
    public void Decode(ReadOnlySpan<byte> stream, Span<byte> destination)
    {
        var reader = new ZstdBitReader(stream);
        for (int i = 0; i < destination.Length; i++)
        {
            uint code = reader.Peek(_bits);
            destination[i] = _symbols[code];
            reader.Skip(_lengths[code]);
        }

        if (reader.Remaining != 0)
            throw new InvalidDataException("a literal stream of another length");
    }

    private int ReadPlainWeights(ReadOnlySpan<byte> description, int count)
    {
        for (int i = 0; i < count; i++)
            _weights[i] = (byte)(i % 2 == 0 ? description[i / 2] >> 4 : description[i / 2] & 15);
        return count;
    }

    /// <summary>Two states take turns until the bits are used up.</summary>
    private int ReadCodedWeights(ReadOnlySpan<byte> description)
    {
        int tableBytes = _weightTable.Read(description);
        var reader = new ZstdBitReader(description[tableBytes..]);
        uint state = _weightTable.FirstState(ref reader);
        uint other = _weightTable.FirstState(ref reader);
        if (reader.Remaining < 0)
            throw new InvalidDataException("Huffman weights that end early");
        int count = 0;
        while (true)
        {
            // The last weight is never written, so 255 are the most.
            if (count > 253)
                throw new InvalidDataException("more Huffman weights than symbols");
            _weights[count++] = _weightTable.SymbolOf(state);
            if (_weightTable.WouldOverrun(state, reader))
            {
                _weights[count++] = _weightTable.SymbolOf(other);
                return count;
            }

            uint next = _weightTable.Next(state, ref reader);
            state = other;
            other = next;
        }
    }

    /// <summary>
    /// Adds the last weight, which completes the sum to a power of two, and fills the table: symbols of lower weight (longer codes)
    /// first, each with as many entries as its code leaves open.
    /// </summary>
    private void Fill(int weights)
    {
        int sum = 0;
        foreach (byte weight in _weights.AsSpan(0, weights))
        {
            if (weight > MaxBits)
                throw new InvalidDataException("a Huffman weight out of range");
            sum += weight == 0 ? 0 : 1 << (weight - 1);
        }

        int bits = sum == 0 ? MaxBits + 1 : BitOperations.Log2((uint)sum) + 1;
        int rest = (1 << bits) - sum;
        if (bits > MaxBits || !BitOperations.IsPow2(rest))
            throw new InvalidDataException("Huffman weights that do not add up");
        _weights[weights++] = (byte)(BitOperations.Log2((uint)rest) + 1);
        int position = 0;
        for (int weight = 1; weight <= bits; weight++)
        {
            for (int symbol = 0; symbol < weights; symbol++)
            {
                if (_weights[symbol] != weight)
                    continue;
                int entries = 1 << (weight - 1);
                _symbols.AsSpan(position, entries).Fill((byte)symbol);
                _lengths.AsSpan(position, entries).Fill((byte)(bits + 1 - weight));
                position += entries;
            }
        }

        _bits = bits;
    }
}
