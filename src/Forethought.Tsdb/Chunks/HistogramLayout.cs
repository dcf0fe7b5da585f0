using Forethought.Encoding;
using Forethought.Model;

namespace Forethought.Tsdb.Chunks;

/// <summary>
/// What all histograms of a chunk share, written before the first: zero threshold, schema, spans and, for schema −53, the custom
/// bounds. Format: upstream's <c>tsdb/docs/format/chunks.md</c>.
/// </summary>
internal static class HistogramLayout
{
    /// <summary>The byte of a zero threshold that is not a power of two in range: eight bytes follow.</summary>
    private const int ExplicitThreshold = 255;

    /// <summary>Bytes 1 to 254 stand for 0.5 · 2^(byte − 243).</summary>
    private const int ThresholdBias = 243;

    /// <summary>The largest custom bound, in thousandths, that has a short code: it fills 25 bits together with the added one.</summary>
    private const double MaxShortBound = 33554430;

    /// <summary>Length and offset, both zero.</summary>
    private const int SmallestSpanBits = 2;

    /// <summary>A short code: a prefix of two bits and three that follow.</summary>
    private const int SmallestBoundBits = 5;

    public static void Write(ref BitWriter writer, HistogramSample sample)
    {
        WriteZeroThreshold(ref writer, sample.ZeroThreshold);
        VarbitInt.Write(ref writer, sample.Schema);
        WriteSpans(ref writer, sample.Positive.Spans);
        WriteSpans(ref writer, sample.Negative.Spans);
        if (!HistogramSchema.IsCustomBuckets(sample.Schema))
            return;
        VarbitInt.WriteUnsigned(ref writer, (ulong)sample.CustomValues.Length);
        foreach (double bound in sample.CustomValues)
            WriteBound(ref writer, bound);
    }

    /// <summary>Reads the layout into a sample, whose buckets are then unspecified.</summary>
    /// <exception cref="InvalidDataException">The bits end, or describe more than the rest of the chunk can hold.</exception>
    public static void Read(ref BitReader reader, HistogramSample sample)
    {
        sample.ZeroThreshold = ReadZeroThreshold(ref reader);
        sample.Schema = (int)VarbitInt.Read(ref reader);
        ReadSpans(ref reader, sample.Positive);
        ReadSpans(ref reader, sample.Negative);
        if (!HistogramSchema.IsKnown(sample.Schema) && !HistogramSchema.IsExponentialReserved(sample.Schema))
        {
            throw new InvalidDataException(
                "histogram has an unknown schema, which must be between -9 and 52 for exponential buckets, or -53 for custom buckets, "
                + $"got schema {sample.Schema}");
        }

        sample.SetCustomValues([]);
        if (!HistogramSchema.IsCustomBuckets(sample.Schema))
            return;
        double[] bounds = new double[ReadCount(ref reader, SmallestBoundBits)];
        for (int i = 0; i < bounds.Length; i++)
            bounds[i] = ReadBound(ref reader);
        sample.SetCustomValues(bounds);
    }

    private static void WriteZeroThreshold(ref BitWriter writer, double threshold)
    {
        if (threshold == 0)
        {
            writer.WriteBits(0, 8);
            return;
        }

        // 0.5 · 2^e has the exponent e − 1 in IEEE 754; powers of two in range have no fraction bits and are normal numbers.
        ulong bits = BitConverter.DoubleToUInt64Bits(threshold);
        int code = (int)(bits >> 52) - 1023 + 1 + ThresholdBias;
        if (bits << 12 == 0 && code is > 0 and < ExplicitThreshold)
        {
            writer.WriteBits((ulong)code, 8);
            return;
        }

        writer.WriteBits(ExplicitThreshold, 8);
        writer.WriteBits(bits, 64);
    }

    private static double ReadZeroThreshold(ref BitReader reader)
    {
        int code = (int)reader.ReadBits(8);
        return code switch
        {
            0 => 0,
            ExplicitThreshold => BitConverter.UInt64BitsToDouble(reader.ReadBits(64)),
            _ => Math.ScaleB(0.5, code - ThresholdBias),
        };
    }

    private static void WriteSpans(ref BitWriter writer, ReadOnlySpan<HistogramSpan> spans)
    {
        VarbitInt.WriteUnsigned(ref writer, (ulong)spans.Length);
        foreach (HistogramSpan span in spans)
        {
            VarbitInt.WriteUnsigned(ref writer, span.Length);
            VarbitInt.Write(ref writer, span.Offset);
        }
    }

    private static void ReadSpans(ref BitReader reader, HistogramBuckets side)
    {
        var spans = new HistogramSpan[ReadCount(ref reader, SmallestSpanBits)];
        ulong buckets = 0;
        for (int i = 0; i < spans.Length; i++)
        {
            uint length = (uint)VarbitInt.ReadUnsigned(ref reader);
            spans[i] = new HistogramSpan((int)VarbitInt.Read(ref reader), length);
            if (i > 0 && spans[i].Offset < 0)
                throw new InvalidDataException($"span number {i + 1} with offset {spans[i].Offset}");
            buckets += length;
        }

        // A bucket takes a bit at least.
        if (buckets > (ulong)Math.Max(reader.RemainingBits, 0))
            throw new InvalidDataException($"{buckets} buckets in {reader.RemainingBits} bits");
        side.SetSpans(spans);
    }

    /// <summary>Reads a number of items, each of which takes some bits at least.</summary>
    private static int ReadCount(ref BitReader reader, int smallestItemBits)
    {
        ulong count = VarbitInt.ReadUnsigned(ref reader);
        if (count > (ulong)(Math.Max(reader.RemainingBits, 0) / smallestItemBits))
            throw new InvalidDataException($"{count} items in {reader.RemainingBits} bits");
        return (int)count;
    }

    private static void WriteBound(ref BitWriter writer, double bound)
    {
        double thousandths = Math.Round(bound * 1000, MidpointRounding.AwayFromZero);
        if (bound * 1000 is >= 0 and <= MaxShortBound && thousandths / 1000 == bound)
        {
            VarbitInt.WriteUnsigned(ref writer, (ulong)thousandths + 1);
            return;
        }

        writer.WriteBit(false);
        writer.WriteBits(BitConverter.DoubleToUInt64Bits(bound), 64);
    }

    private static double ReadBound(ref BitReader reader)
    {
        ulong code = VarbitInt.ReadUnsigned(ref reader);
        return code == 0 ? BitConverter.UInt64BitsToDouble(reader.ReadBits(64)) : (code - 1) / 1000.0;
    }
}
