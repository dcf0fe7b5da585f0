using Forethought.Model;

namespace Forethought.Tsdb.Wal;

/// <summary>
/// Label sets inside records: their number as uvarint, then name and value, each after its length as uvarint. Below 128 bytes a
/// length is one byte both here and in <see cref="PackedLabels"/>, so most sets are copied as they are.
/// </summary>
internal static class RecordLabels
{
    public static void Write(RecordBuffer buffer, ReadOnlySpan<byte> packedLabels)
    {
        buffer.WriteUvarint((ulong)PackedLabels.Count(packedLabels));
        for (int offset = 0; offset < packedLabels.Length;)
            buffer.WriteText(PackedLabels.ReadString(packedLabels, ref offset));
    }

    /// <summary>Reads a set as packed labels, in the record itself or in <paramref name="scratch"/>.</summary>
    public static ReadOnlySpan<byte> Read(scoped ref RecordReader reader, scoped ref byte[] scratch)
    {
        int texts = 2 * reader.ReadCount(2);
        int start = reader.Position;
        RecordReader again = reader;
        bool isShort = true;
        int size = 0;
        for (int i = 0; i < texts; i++)
        {
            int length = reader.ReadText().Length;
            isShort &= length < 128;
            size += PackedLabels.SizeOf(length);
            if (length > PackedLabels.MaxStringLength)
                TsdbCorruptionException.Throw("invalid size", start, $"texts of at most {PackedLabels.MaxStringLength} bytes", $"{length}");
        }

        // A longer code for a short length (legal as a uvarint, never written) shows in the size.
        if (isShort && size == reader.Position - start)
            return reader.Since(start);
        return Repack(ref again, texts, size, ref scratch);
    }

    private static ReadOnlySpan<byte> Repack(scoped ref RecordReader reader, int texts, int size, scoped ref byte[] scratch)
    {
        if (scratch.Length < size)
            scratch = new byte[Math.Max(size, 2 * scratch.Length)];
        int written = 0;
        for (int i = 0; i < texts; i++)
            written += PackedLabels.WriteString(scratch.AsSpan(written), reader.ReadText());
        return scratch.AsSpan(0, written);
    }
}
