namespace Forethought.Encoding;

/// <summary>
/// The literals section of a zstd block (RFC 8878, section 3.1.1.3.1): bytes as they are, one byte repeated, or one or four Huffman
/// streams, perhaps with the previous block's table. Reused; not thread-safe.
/// </summary>
internal sealed class ZstdLiterals
{
    private const int Raw = 0;
    private const int Repeated = 1;
    private const int Treeless = 3;

    private readonly byte[] _buffer = new byte[ZstdDecoder.MaxBlockSize];
    private readonly ZstdHuffmanTable _table = new();
    private int _length;

    /// <summary>The block's literals.</summary>
    public ReadOnlySpan<byte> Bytes => _buffer.AsSpan(0, _length);

    /// <summary>Forgets the Huffman table: a frame begins without one.</summary>
    public void Clear() => _table.Clear();

    /// <summary>Reads the section at the start of a block.</summary>
    /// <returns>The bytes read.</returns>
    /// <exception cref="InvalidDataException">The bytes end or make no sense.</exception>
    public int Read(ReadOnlySpan<byte> block)
    {
        if (block.IsEmpty)
            throw new InvalidDataException("a block without literals section");
        int type = block[0] & 3;
        int format = (block[0] >> 2) & 3;
        return type is Raw or Repeated ? ReadPlain(block, type, format) : ReadCompressed(block, type, format);
    }

    private int ReadPlain(ReadOnlySpan<byte> block, int type, int format)
    {
        // Formats 0 and 2: 5 bits of length; 1: 12 bits; 3: 20 bits.
        int headerBytes = format switch { 1 => 2, 3 => 3, _ => 1 };
        int header = (int)ReadHeader(block, headerBytes);
        SetLength(header >> (headerBytes == 1 ? 3 : 4));
        int bytes = type == Raw ? _length : 1;
        ReadOnlySpan<byte> content = Take(block, headerBytes, bytes);
        if (type == Raw)
            content.CopyTo(_buffer);
        else
            _buffer.AsSpan(0, _length).Fill(content[0]);
        return headerBytes + bytes;
    }

    private int ReadCompressed(ReadOnlySpan<byte> block, int type, int format)
    {
        // Formats 0 and 1: two lengths of 10 bits; 2: of 14 bits; 3: of 18 bits. Format 0 has one stream, the others four.
        int lengthBits = format switch { 2 => 14, 3 => 18, _ => 10 };
        int headerBytes = format switch { 2 => 4, 3 => 5, _ => 3 };
        ulong header = ReadHeader(block, headerBytes) >> 4;
        SetLength((int)(header & ((1UL << lengthBits) - 1)));
        int bytes = (int)(header >> lengthBits);
        ReadOnlySpan<byte> content = Take(block, headerBytes, bytes);
        if (type != Treeless)
            content = content[_table.Read(content)..];
        else if (!_table.IsFilled)
            throw new InvalidDataException("no Huffman table to use again");
        if (format == 0)
            _table.Decode(content, _buffer.AsSpan(0, _length));
        else
            DecodeFour(content);
        return headerBytes + bytes;
    }

    /// <summary>Three lengths of 16 bits, then four streams, of which the first three give a quarter, rounded up, each.</summary>
    private void DecodeFour(ReadOnlySpan<byte> content)
    {
        const int LengthsBytes = 6;
        int quarter = (_length + 3) / 4;
        if (content.Length < LengthsBytes || 3 * quarter > _length)
            throw new InvalidDataException("literal streams that end early");
        ReadOnlySpan<byte> streams = content[LengthsBytes..];
        Span<byte> rest = _buffer.AsSpan(0, _length);
        for (int i = 0; i < 3; i++)
        {
            int bytes = content[2 * i] | content[2 * i + 1] << 8;
            _table.Decode(Take(streams, 0, bytes), rest[..quarter]);
            streams = streams[bytes..];
            rest = rest[quarter..];
        }

        _table.Decode(streams, rest);
    }

    private void SetLength(int length)
    {
        if (length > ZstdDecoder.MaxBlockSize)
            throw new InvalidDataException("more literals than a block may have");
        _length = length;
    }

    private static ulong ReadHeader(ReadOnlySpan<byte> block, int bytes)
    {
        ReadOnlySpan<byte> header = Take(block, 0, bytes);
        ulong value = 0;
        for (int i = bytes - 1; i >= 0; i--)
            value = value << 8 | header[i];
        return value;
    }

    private static ReadOnlySpan<byte> Take(ReadOnlySpan<byte> source, int start, int length)
    {
        if (source.Length - start < length)
            throw new InvalidDataException("a literals section that ends early");
        return source.Slice(start, length);
    }
}
