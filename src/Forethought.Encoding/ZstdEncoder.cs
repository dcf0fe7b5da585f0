using System.Buffers.Binary;

namespace Forethought.Encoding;

/// <summary>
/// Writes zstd frames (RFC 8878) that every zstd reads: matches found by hashing, coded with the format's predefined tables; literals
/// as they are. It compresses about as much as Snappy, not as much as zstd can: it is there for logs that are configured to be zstd.
/// Reuse an instance: it keeps its tables and buffers. Not thread-safe.
/// </summary>
public sealed class ZstdEncoder
{
    private const uint Magic = 0xfd2fb528;

    /// <summary>A single segment, whose content length follows in four bytes; no checksum.</summary>
    private const byte Descriptor = 0b1010_0000;

    private const int FrameHeaderBytes = 9;
    private const int BlockHeaderBytes = 3;
    private const int RawBlock = 0;
    private const int CompressedBlock = 2;
    private const int HashBits = 14;
    private const int MinMatch = 4;

    private readonly int[] _recent = new int[1 << HashBits];
    private readonly ZstdSequenceWriter _sequences = new();
    private readonly byte[] _literals = new byte[ZstdDecoder.MaxBlockSize];
    private byte[] _section = [];
    private byte[] _output = [];
    private int _length;

    /// <summary>Compresses <paramref name="source"/> into one frame, valid until the next call.</summary>
    public ReadOnlySpan<byte> Compress(ReadOnlySpan<byte> source)
    {
        Reserve(FrameHeaderBytes + source.Length + BlockHeaderBytes * (source.Length / ZstdDecoder.MaxBlockSize + 1));
        BinaryPrimitives.WriteUInt32LittleEndian(_output, Magic);
        _output[4] = Descriptor;
        BinaryPrimitives.WriteUInt32LittleEndian(_output.AsSpan(5), (uint)source.Length);
        _length = FrameHeaderBytes;
        _recent.AsSpan().Fill(-1);
        int start = 0;
        do
        {
            int end = Math.Min(source.Length, start + ZstdDecoder.MaxBlockSize);
            WriteBlock(source, start, end);
            start = end;
        }
        while (start < source.Length);
        return _output.AsSpan(0, _length);
    }

    private void WriteBlock(ReadOnlySpan<byte> source, int start, int end)
    {
        int isLast = end == source.Length ? 1 : 0;
        int literals = FindMatches(source, start, end);
        int size = end - start;
        Span<byte> block = _output.AsSpan(_length + BlockHeaderBytes, size);
        int compressed = WriteCompressed(_literals.AsSpan(0, literals), block);
        int type = compressed > 0 ? CompressedBlock : RawBlock;
        if (compressed == 0)
            source[start..end].CopyTo(block);
        int stored = compressed > 0 ? compressed : size;
        int header = stored << 3 | type << 1 | isLast;
        _output[_length] = (byte)header;
        _output[_length + 1] = (byte)(header >> 8);
        _output[_length + 2] = (byte)(header >> 16);
        _length += BlockHeaderBytes + stored;
    }

    /// <summary>Collects the literals and sequences of a block and returns the number of literals.</summary>
    private int FindMatches(ReadOnlySpan<byte> source, int start, int end)
    {
        _sequences.Clear();
        int literals = 0, literalStart = start, position = start;
        while (position + sizeof(uint) <= end)
        {
            uint next = BinaryPrimitives.ReadUInt32LittleEndian(source[position..]);
            ref int recent = ref _recent[(next * 2654435761u) >> (32 - HashBits)];
            int candidate = recent;
            recent = position;
            if (candidate < 0 || BinaryPrimitives.ReadUInt32LittleEndian(source[candidate..]) != next)
            {
                // Content without matches is passed over faster and faster.
                position += 1 + ((position - literalStart) >> 6);
                continue;
            }

            int length = MinMatch
                + source[(position + MinMatch)..end].CommonPrefixLength(source[(candidate + MinMatch)..end]);
            ReadOnlySpan<byte> run = source[literalStart..position];
            run.CopyTo(_literals.AsSpan(literals));
            literals += run.Length;
            _sequences.Add(run.Length, length, position - candidate);
            position += length;
            literalStart = position;
        }

        ReadOnlySpan<byte> rest = source[literalStart..end];
        rest.CopyTo(_literals.AsSpan(literals));
        return literals + rest.Length;
    }

    /// <summary>Writes literals and sequences; 0 if they do not fit a block shorter than its content.</summary>
    private int WriteCompressed(ReadOnlySpan<byte> literals, Span<byte> block)
    {
        if (_sequences.Count == 0)
            return 0;
        int headerBytes = literals.Length < 32 ? 1 : literals.Length < 4096 ? 2 : 3;
        if (_section.Length < _sequences.MaxBytes)
            _section = new byte[2 * _sequences.MaxBytes];
        ReadOnlySpan<byte> section = _section.AsSpan(0, _sequences.Write(_section));
        if (headerBytes + literals.Length + section.Length >= block.Length)
            return 0;
        // Raw literals: the type and the format of the length in the low four (one byte: three) bits.
        int header = headerBytes switch
        {
            1 => literals.Length << 3,
            2 => literals.Length << 4 | 1 << 2,
            _ => literals.Length << 4 | 3 << 2,
        };
        for (int i = 0; i < headerBytes; i++)
            block[i] = (byte)(header >> (8 * i));
        literals.CopyTo(block[headerBytes..]);
        section.CopyTo(block[(headerBytes + literals.Length)..]);
        return headerBytes + literals.Length + section.Length;
    }

    private void Reserve(int bytes)
    {
        if (_output.Length < bytes)
            _output = new byte[Math.Max(bytes, 2 * _output.Length)];
    }
}
