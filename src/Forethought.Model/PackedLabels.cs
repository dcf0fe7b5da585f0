using System.Buffers.Binary;

namespace Forethought.Model;

/// <summary>
/// The packed form of a label set: for each label in order of name, name and value as UTF-8, each preceded by its length in one
/// byte, or by 255 and three little-endian bytes when it is 255 or more. It is the encoding that Prometheus hashes
/// (<c>model/labels/labels_stringlabels.go</c>), so hashes agree.
/// </summary>
/// <remarks>All members are pure functions on spans and trust that the input is well formed unless they say otherwise.</remarks>
public static class PackedLabels
{
    /// <summary>The longest name or value that the encoding can carry, in bytes.</summary>
    public const int MaxStringLength = 0xFFFFFF;

    /// <summary>The bytes that one name or value of <paramref name="length"/> bytes occupies.</summary>
    public static int SizeOf(int length) => length < 255 ? length + 1 : length + 4;

    /// <summary>Writes one length-prefixed name or value and returns the bytes written.</summary>
    /// <exception cref="ArgumentException">The text is longer than <see cref="MaxStringLength"/> or does not fit.</exception>
    public static int WriteString(Span<byte> destination, ReadOnlySpan<byte> text)
    {
        int prefix = 1;
        if (text.Length < 255)
        {
            destination[0] = (byte)text.Length;
        }
        else
        {
            if (text.Length > MaxStringLength)
                throw new ArgumentException($"label name or value of {text.Length} bytes exceeds {MaxStringLength}", nameof(text));
            BinaryPrimitives.WriteUInt32LittleEndian(destination, ((uint)text.Length << 8) | 0xFF);
            prefix = 4;
        }

        text.CopyTo(destination[prefix..]);
        return prefix + text.Length;
    }

    /// <summary>Reads the name or value at <paramref name="offset"/> and moves past it.</summary>
    public static ReadOnlySpan<byte> ReadString(ReadOnlySpan<byte> packed, scoped ref int offset)
    {
        int length = packed[offset++];
        if (length == 255)
        {
            length = packed[offset] | (packed[offset + 1] << 8) | (packed[offset + 2] << 16);
            offset += 3;
        }

        ReadOnlySpan<byte> text = packed.Slice(offset, length);
        offset += length;
        return text;
    }

    /// <summary>The value of <paramref name="name"/>; empty when the label is absent.</summary>
    public static ReadOnlySpan<byte> Get(ReadOnlySpan<byte> packed, scoped ReadOnlySpan<byte> name)
    {
        for (int offset = 0; offset < packed.Length;)
        {
            ReadOnlySpan<byte> candidate = ReadString(packed, ref offset);
            ReadOnlySpan<byte> value = ReadString(packed, ref offset);
            int order = candidate.SequenceCompareTo(name);
            if (order == 0)
                return value;
            if (order > 0)
                break;
        }

        return default;
    }

    /// <summary>The number of labels.</summary>
    public static int Count(ReadOnlySpan<byte> packed)
    {
        int count = 0;
        for (int offset = 0; offset < packed.Length; count++)
        {
            ReadString(packed, ref offset);
            ReadString(packed, ref offset);
        }

        return count;
    }

    /// <summary>
    /// Orders two packed sets as Prometheus orders label sets: label by label, name before value, a prefix first.
    /// </summary>
    public static int Compare(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        int same = left.CommonPrefixLength(right);
        if (same == left.Length || same == right.Length)
            return left.Length.CompareTo(right.Length);

        // Only the first text that differs decides: those wholly among the equal bytes are stepped over.
        int offset = 0;
        int end = EndOfString(left, 0);
        while (end <= same)
        {
            offset = end;
            end = EndOfString(left, offset);
        }

        int other = offset;
        return ReadString(left, ref offset).SequenceCompareTo(ReadString(right, ref other));
    }

    /// <summary>
    /// Whether bytes from outside are a well-formed packed set: lengths within the buffer, names strictly increasing, no empty
    /// value or name.
    /// </summary>
    public static bool IsWellFormed(ReadOnlySpan<byte> packed)
    {
        ReadOnlySpan<byte> previous = default;
        for (int offset = 0; offset < packed.Length;)
        {
            if (!TryReadString(packed, ref offset, out ReadOnlySpan<byte> name) || name.IsEmpty)
                return false;
            if (!TryReadString(packed, ref offset, out ReadOnlySpan<byte> value) || value.IsEmpty)
                return false;
            if (name.SequenceCompareTo(previous) <= 0)
                return false;
            previous = name;
        }

        return true;
    }

    private static int EndOfString(ReadOnlySpan<byte> packed, int offset)
    {
        ReadString(packed, ref offset);
        return offset;
    }

    private static bool TryReadString(ReadOnlySpan<byte> packed, scoped ref int offset, out ReadOnlySpan<byte> text)
    {
        text = default;
        if (offset >= packed.Length)
            return false;
        int prefix = packed[offset] == 255 ? 4 : 1;
        if (packed.Length - offset < prefix)
            return false;
        int length = prefix == 1 ? packed[offset] : packed[offset + 1] | (packed[offset + 2] << 8) | (packed[offset + 3] << 16);
        if (packed.Length - offset - prefix < length)
            return false;
        text = packed.Slice(offset + prefix, length);
        offset += prefix + length;
        return true;
    }
}
