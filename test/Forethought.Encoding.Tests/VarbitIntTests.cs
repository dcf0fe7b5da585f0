using System.Text.Json;
using Forethought.Testing;

namespace Forethought.Encoding.Tests;

public sealed class VarbitIntTests
{
    // Codes worked out by hand from the table of prefixes; the bounds are those upstream's comments in varbit.go name.
    public static TheoryData<long, string> Signed => new()
    {
        { 0, "0" },
        { 1, "10 001" }, { 4, "10 100" }, { -1, "10 111" }, { -3, "10 101" },
        { 5, "110 000101" }, { -4, "110 111100" }, { 32, "110 100000" }, { -31, "110 100001" },
        { 33, "1110 000100001" }, { 256, "1110 100000000" }, { -255, "1110 100000001" }, { -32, "1110 111100000" },
        { 257, "11110 000100000001" }, { 2048, "11110 100000000000" }, { -2047, "11110 100000000001" },
        { 2049, "111110 000000100000000001" }, { 131072, "111110 100000000000000000" }, { -131071, "111110 100000000000000001" },
        { 131073, "1111110 0000000100000000000000001" }, { 16777216, "1111110 1000000000000000000000000" },
        { -16777215, "1111110 1000000000000000000000001" },
        { 16777217, "11111110 00000000000000000000000000000001000000000000000000000001" },
        { 36028797018963968, "11111110 10000000000000000000000000000000000000000000000000000000" },
        { -36028797018963967, "11111110 10000000000000000000000000000000000000000000000000000001" },
        { 36028797018963969, "11111111 0000000010000000000000000000000000000000000000000000000000000001" },
        { long.MinValue, "11111111 1000000000000000000000000000000000000000000000000000000000000000" },
        { long.MaxValue, "11111111 0111111111111111111111111111111111111111111111111111111111111111" },
    };

    public static TheoryData<ulong, string> Unsigned => new()
    {
        { 0, "0" }, { 1, "10 001" }, { 7, "10 111" }, { 8, "110 001000" }, { 63, "110 111111" }, { 64, "1110 001000000" },
        { 511, "1110 111111111" }, { 512, "11110 001000000000" }, { 4095, "11110 111111111111" },
        { 4096, "111110 000001000000000000" }, { 262143, "111110 111111111111111111" },
        { 262144, "1111110 0000001000000000000000000" }, { 33554431, "1111110 1111111111111111111111111" },
        { 33554432, "11111110 00000000000000000000000000000010000000000000000000000000" },
        { 72057594037927935, "11111110 11111111111111111111111111111111111111111111111111111111" },
        { 72057594037927936, "11111111 0000000100000000000000000000000000000000000000000000000000000000" },
        { ulong.MaxValue, "11111111 1111111111111111111111111111111111111111111111111111111111111111" },
    };

    [Theory]
    [MemberData(nameof(Signed))]
    public void Signed_values_have_their_code(long value, string bits)
    {
        var buffer = new byte[9];
        var writer = new BitWriter(buffer);
        VarbitInt.Write(ref writer, value);
        writer.Flush();
        Assert.Equal(bits.Replace(" ", ""), Bits(buffer, writer.BitLength));
        var reader = new BitReader(buffer);
        Assert.True(VarbitInt.TryRead(ref reader, out long read));
        Assert.Equal(value, read);
        Assert.Equal(72 - writer.BitLength, reader.RemainingBits);
    }

    [Theory]
    [MemberData(nameof(Unsigned))]
    public void Unsigned_values_have_their_code(ulong value, string bits)
    {
        var buffer = new byte[9];
        var writer = new BitWriter(buffer);
        VarbitInt.WriteUnsigned(ref writer, value);
        writer.Flush();
        Assert.Equal(bits.Replace(" ", ""), Bits(buffer, writer.BitLength));
        var reader = new BitReader(buffer);
        Assert.True(VarbitInt.TryReadUnsigned(ref reader, out ulong read));
        Assert.Equal(value, read);
        Assert.Equal(72 - writer.BitLength, reader.RemainingBits);
    }

    [Fact]
    public void Sequences_round_trip_and_every_cut_is_told()
    {
        var random = new Random(7);
        var buffer = new byte[2 * 9 * 40];
        for (int round = 0; round < 300; round++)
        {
            long[] values = [.. Enumerable.Range(0, 40).Select(_ => random.NextInt64(long.MinValue, long.MaxValue) >> random.Next(64))];
            var writer = new BitWriter(buffer);
            foreach (long value in values)
            {
                VarbitInt.Write(ref writer, value);
                VarbitInt.WriteUnsigned(ref writer, (ulong)value >> 1);
                Assert.True(writer.BitLength <= 2 * VarbitInt.MaxBits * values.Length);
            }

            int length = writer.Flush();
            Assert.Equal(2 * values.Length, ReadBack(buffer.AsSpan(0, length), values));
            Assert.True(ReadBack(buffer.AsSpan(0, random.Next(length)), values) < 2 * values.Length);
        }
    }

    [Theory]
    [InlineData(14, -8191, 8192)]
    [InlineData(17, -65535, 65536)]
    [InlineData(20, -524287, 524288)]
    public void The_signed_range_has_one_more_on_the_positive_side(int width, long least, long most)
    {
        Assert.True(VarbitInt.FitsSigned(least, width) && VarbitInt.FitsSigned(most, width));
        Assert.False(VarbitInt.FitsSigned(least - 1, width) || VarbitInt.FitsSigned(most + 1, width));
        ulong mask = (1UL << width) - 1;
        Assert.Equal(least, VarbitInt.SignedFromBits((ulong)least & mask, width));
        Assert.Equal(most, VarbitInt.SignedFromBits((ulong)most & mask, width));
        Assert.Equal(-1, VarbitInt.SignedFromBits(mask, width));
    }

    /// <summary>The first sample of integer histogram chunks is varbit integers throughout, one 64-bit sum between them.</summary>
    [Fact]
    public void Reads_the_first_sample_of_upstreams_histogram_chunks()
    {
        int read = 0;
        foreach (string line in File.ReadLines(Conformance.Path("golden/chunks.jsonl")))
        {
            using JsonDocument document = JsonDocument.Parse(line);
            if (document.RootElement.GetProperty("encoding").GetString() != "histogram")
                continue;
            foreach (JsonElement chunk in document.RootElement.GetProperty("chunks").EnumerateArray())
            {
                if (!chunk.TryGetProperty("decoded", out JsonElement decoded))
                    continue;
                CheckFirstSample(Convert.FromHexString(chunk.GetProperty("hex").GetString()!), decoded[0]);
                read++;
            }
        }

        Assert.True(read > 20);
    }

    private static void CheckFirstSample(byte[] chunk, JsonElement sample)
    {
        JsonElement histogram = sample[2];
        var reader = new BitReader(chunk.AsSpan(3));
        Assert.Equal(Hex(histogram, "zt"), BitConverter.DoubleToUInt64Bits(ZeroThreshold(ref reader)));
        long schema = VarbitInt.Read(ref reader);
        Assert.Equal(histogram.GetProperty("schema").GetInt64(), schema);
        foreach (string spans in (string[])["ps", "ns"])
        {
            JsonElement expected = histogram.GetProperty(spans);
            Assert.Equal((ulong)expected.GetArrayLength(), VarbitInt.ReadUnsigned(ref reader));
            foreach (JsonElement span in expected.EnumerateArray())
            {
                Assert.Equal(span[1].GetUInt64(), VarbitInt.ReadUnsigned(ref reader));
                Assert.Equal(span[0].GetInt64(), VarbitInt.Read(ref reader));
            }
        }

        if (schema == -53)
            CheckCustomBounds(ref reader, histogram);
        Assert.Equal(sample[0].GetInt64(), VarbitInt.Read(ref reader));
        Assert.Equal(histogram.GetProperty("count").GetUInt64(), VarbitInt.ReadUnsigned(ref reader));
        Assert.Equal(histogram.GetProperty("zc").GetUInt64(), VarbitInt.ReadUnsigned(ref reader));
        Assert.Equal(Hex(histogram, "sum"), reader.ReadBits(64));
        foreach (string buckets in (string[])["pb", "nb"])
        {
            foreach (JsonElement bucket in histogram.GetProperty(buckets).EnumerateArray())
                Assert.Equal(bucket.GetInt64(), VarbitInt.Read(ref reader));
        }
    }

    private static double ZeroThreshold(ref BitReader reader) => reader.ReadBits(8) switch
    {
        0 => 0,
        255 => BitConverter.UInt64BitsToDouble(reader.ReadBits(64)),
        ulong exponent => Math.ScaleB(0.5, (int)exponent - 243),
    };

    private static void CheckCustomBounds(ref BitReader reader, JsonElement histogram)
    {
        string[] bounds = histogram.TryGetProperty("cv", out JsonElement values)
            ? [.. values.EnumerateArray().Select(bound => bound.GetString()!)]
            : [];
        Assert.Equal((ulong)bounds.Length, VarbitInt.ReadUnsigned(ref reader));
        foreach (string bound in bounds)
        {
            ulong coded = VarbitInt.ReadUnsigned(ref reader);
            ulong bits = coded == 0 ? reader.ReadBits(64) : BitConverter.DoubleToUInt64Bits((coded - 1) / 1000.0);
            Assert.Equal(Convert.ToUInt64(bound, 16), bits);
        }
    }

    private static ulong Hex(JsonElement histogram, string name) => Convert.ToUInt64(histogram.GetProperty(name).GetString(), 16);

    private static int ReadBack(ReadOnlySpan<byte> source, long[] values)
    {
        var reader = new BitReader(source);
        int count = 0;
        foreach (long value in values)
        {
            if (!VarbitInt.TryRead(ref reader, out long signed))
                break;
            Assert.Equal(value, signed);
            count++;
            if (!VarbitInt.TryReadUnsigned(ref reader, out ulong unsigned))
                break;
            Assert.Equal((ulong)value >> 1, unsigned);
            count++;
        }

        return count;
    }

    private static string Bits(ReadOnlySpan<byte> bytes, int count)
    {
        string text = "";
        for (int i = 0; i < count; i++)
            text += (bytes[i / 8] >> (7 - i % 8) & 1) == 1 ? '1' : '0';
        return text;
    }
}
