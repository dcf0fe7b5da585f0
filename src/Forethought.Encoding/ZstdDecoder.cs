using System.Buffers.Binary;

namespace Forethought.Encoding;

/// <summary>
/// Expands zstd frames (RFC 8878), as Prometheus writes them into its log if so configured: any blocks, optional content checksums,
/// skippable frames, no dictionaries. Reuse an instance: it keeps its tables and its output buffer. Not thread-safe.
/// </summary>
public sealed class ZstdDecoder
{
    internal const int MaxBlockSize = 128 * 1024;

    private const uint Magic = 0xfd2fb528;
    private const uint SkippableMagic = 0x184d2a50;
    private const uint SkippableMask = 0xfffffff0;

    private readonly ZstdOutput _output = new();
    private readonly ZstdLiterals _literals = new();
    private readonly ZstdSequences _sequences = new();

    /// <summary>Expands all frames of <paramref name="source"/>.</summary>
    /// <param name="source">Whole frames and nothing else; hostile content is expected.</param>
    /// <param name="maxLength">The most bytes the caller accepts.</param>
    /// <param name="content">The content, valid until the next call; empty unless the status is <see cref="ZstdStatus.Ok"/>.</param>
    public ZstdStatus Decompress(ReadOnlySpan<byte> source, int maxLength, out ReadOnlySpan<byte> content)
    {
        content = default;
        _output.Start(maxLength);
        try
        {
            while (!source.IsEmpty)
            {
                if (!TryDecodeFrame(ref source))
                    return ZstdStatus.NeedsDictionary;
            }
        }
        catch (InvalidDataException)
        {
            return _output.IsOverLimit ? ZstdStatus.TooLarge : ZstdStatus.Corrupt;
        }

        content = _output.Bytes;
        return ZstdStatus.Ok;
    }

    /// <summary>Decodes a frame and moves behind it; false if it needs a dictionary.</summary>
    private bool TryDecodeFrame(ref ReadOnlySpan<byte> source)
    {
        uint magic = (uint)TakeNumber(ref source, 4);
        if ((magic & SkippableMask) == SkippableMagic)
        {
            ulong length = TakeNumber(ref source, 4);
            if (length > (ulong)source.Length)
                throw new InvalidDataException("a skippable frame that ends early");
            source = source[(int)length..];
            return true;
        }

        if (magic != Magic)
            throw new InvalidDataException("no zstd frame");
        int descriptor = (int)TakeNumber(ref source, 1);
        if (!TryReadHeader(ref source, descriptor, out ulong? declared))
            return false;
        DecodeBlocks(ref source);
        if (declared is { } expected && expected != (ulong)_output.Frame.Length)
            throw new InvalidDataException("a frame of another length than declared");
        if ((descriptor & 4) != 0 && TakeNumber(ref source, 4) != (uint)XxHash64.Compute(_output.Frame))
            throw new InvalidDataException("a wrong content checksum");
        return true;
    }

    /// <summary>Reads the frame's header behind its descriptor; false if it names a dictionary.</summary>
    private static bool TryReadHeader(ref ReadOnlySpan<byte> source, int descriptor, out ulong? declared)
    {
        if ((descriptor & 8) != 0)
            throw new InvalidDataException("reserved bits are set");
        bool isSingleSegment = (descriptor & 32) != 0;
        if (!isSingleSegment)
            TakeNumber(ref source, 1);
        int dictionaryBytes = (descriptor & 3) switch { 3 => 4, int bytes => bytes };
        ulong dictionary = TakeNumber(ref source, dictionaryBytes);
        int lengthBytes = (descriptor >> 6) switch { 0 => isSingleSegment ? 1 : 0, 1 => 2, 2 => 4, _ => 8 };
        declared = lengthBytes == 0 ? null : TakeNumber(ref source, lengthBytes) + (lengthBytes == 2 ? 256u : 0u);
        return dictionary == 0;
    }

    private void DecodeBlocks(ref ReadOnlySpan<byte> source)
    {
        _output.StartFrame();
        _literals.Clear();
        _sequences.Clear();
        for (bool isLast = false; !isLast;)
        {
            int header = (int)TakeNumber(ref source, 3);
            isLast = (header & 1) != 0;
            int type = (header >> 1) & 3;
            int size = header >> 3;
            int stored = type == 1 ? 1 : size;
            if (stored > source.Length || size > MaxBlockSize)
                throw new InvalidDataException("a block that ends early or is too large");
            DecodeBlock(source[..stored], type, size);
            source = source[stored..];
        }
    }

    private void DecodeBlock(ReadOnlySpan<byte> block, int type, int size)
    {
        _output.StartBlock();
        switch (type)
        {
            case 0:
                _output.Append(block);
                break;
            case 1:
                _output.AppendRun(block[0], size);
                break;
            case 2:
                int literals = _literals.Read(block);
                _sequences.Execute(block[literals..], _literals.Bytes, _output);
                break;
            default:
                throw new InvalidDataException("a reserved type of block");
        }
    }

    private static ulong TakeNumber(ref ReadOnlySpan<byte> source, int bytes)
    {
        if (source.Length < bytes)
            throw new InvalidDataException("a frame that ends early");
        Span<byte> number = stackalloc byte[sizeof(ulong)];
        number.Clear();
        source[..bytes].CopyTo(number);
        source = source[bytes..];
        return BinaryPrimitives.ReadUInt64LittleEndian(number);
    }
}
