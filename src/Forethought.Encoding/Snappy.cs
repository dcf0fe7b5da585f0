namespace Forethought.Encoding;

/// <summary>
/// The Snappy block format (github.com/google/snappy, format_description.txt): the compression of WAL records and of remote
/// write and read bodies. The framing format is not part of it.
/// </summary>
/// <remarks>
/// What is written can be read by every Snappy, but the bytes need not equal those of another encoder. Thread-safe;
/// nothing is allocated, save for a hash table of 32 KiB once on each thread that compresses.
/// </remarks>
public static class Snappy
{
    // The densest element is a copy of 64 bytes in three bytes, so no block can declare more than this times its length.
    private const int MaxRatio = 22;

    private const int MaxPreambleLength = 5;

    /// <summary>The room in bytes that <see cref="Compress"/> demands for <paramref name="length"/> bytes of input.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The length is negative or the result exceeds <see cref="int.MaxValue"/>.</exception>
    public static int MaxCompressedLength(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        long room = 32L + length + length / 6;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(room, int.MaxValue, nameof(length));
        return (int)room;
    }

    /// <summary>Compresses <paramref name="source"/> into one block at the start of <paramref name="destination"/>.</summary>
    /// <returns>The length of the block in bytes.</returns>
    /// <exception cref="ArgumentException">
    /// The destination is shorter than <see cref="MaxCompressedLength"/> says; or the spans overlap.
    /// </exception>
    public static int Compress(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        if (destination.Length < MaxCompressedLength(source.Length))
            throw new ArgumentException("the destination is shorter than MaxCompressedLength", nameof(destination));
        if (source.Overlaps(destination))
            throw new ArgumentException("the destination overlaps the source", nameof(destination));

        int preamble = Varint.WriteUvarint(destination, (ulong)source.Length);
        return preamble + SnappyEncoder.Encode(source, destination[preamble..]);
    }

    /// <summary>Reads how many bytes a block expands to, so that the caller can provide them.</summary>
    /// <param name="source">The whole block.</param>
    /// <param name="maxLength">The most bytes the caller accepts.</param>
    /// <param name="length">The declared length; 0 unless the status is <see cref="SnappyStatus.Ok"/>.</param>
    /// <returns>
    /// <see cref="SnappyStatus.Corrupt"/> also when the block is too short for what it declares, before anyone allocates for it.
    /// </returns>
    public static SnappyStatus ReadLength(ReadOnlySpan<byte> source, int maxLength, out int length) =>
        ReadPreamble(source, maxLength, out length, out _);

    /// <summary>Expands a block into the start of <paramref name="destination"/>.</summary>
    /// <param name="source">The whole block and nothing else; hostile content is expected.</param>
    /// <param name="destination">At least the block's declared length; bytes past it are left alone.</param>
    /// <param name="written">The declared length; 0 unless the status is <see cref="SnappyStatus.Ok"/>.</param>
    /// <returns>On failure the destination's content, within the declared length, is unspecified.</returns>
    /// <exception cref="ArgumentException">The spans overlap.</exception>
    public static SnappyStatus Decompress(ReadOnlySpan<byte> source, Span<byte> destination, out int written)
    {
        if (source.Overlaps(destination))
            throw new ArgumentException("the destination overlaps the source", nameof(destination));

        written = 0;
        SnappyStatus status = ReadPreamble(source, destination.Length, out int length, out int preamble);
        if (status != SnappyStatus.Ok)
            return status;
        if (!SnappyDecoder.TryDecode(source[preamble..], destination[..length]))
            return SnappyStatus.Corrupt;
        written = length;
        return SnappyStatus.Ok;
    }

    private static SnappyStatus ReadPreamble(ReadOnlySpan<byte> source, int maxLength, out int length, out int preamble)
    {
        length = 0;
        if (!Varint.TryReadUvarint(source, out ulong declared, out preamble) || preamble > MaxPreambleLength || declared > uint.MaxValue)
            return SnappyStatus.Corrupt;
        if (declared > (ulong)maxLength)
            return SnappyStatus.TooLarge;
        if (declared > (ulong)(source.Length - preamble) * MaxRatio)
            return SnappyStatus.Corrupt;
        length = (int)declared;
        return SnappyStatus.Ok;
    }
}
