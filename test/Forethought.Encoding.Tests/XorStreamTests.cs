using System.Buffers.Binary;
using System.Text.Json;
using Forethought.Testing;

namespace Forethought.Encoding.Tests;

/// <summary>A plain XOR chunk codec over the bit streams, held against the chunks upstream wrote.</summary>
public sealed class XorStreamTests
{
    [Fact]
    public void Reads_and_writes_upstreams_xor_chunks_bit_by_bit()
    {
        int chunks = 0;
        foreach (string line in File.ReadLines(Conformance.Path("golden/chunks.jsonl")))
        {
            using JsonDocument document = JsonDocument.Parse(line);
            if (document.RootElement.GetProperty("encoding").GetString() != "XOR")
                continue;
            byte[] chunk = Convert.FromHexString(document.RootElement.GetProperty("hex").GetString()!);
            (long Time, ulong Bits)[] samples = [.. document.RootElement.GetProperty("samples").EnumerateArray()
                .Select(sample => (sample[0].GetInt64(), Convert.ToUInt64(sample[2].GetString(), 16)))];
            Assert.Equal(samples, Read(chunk));
            Assert.Equal(chunk, Write(samples));
            chunks++;
        }

        Assert.True(chunks >= 30);
    }

    // Upstream's bytes for samples 15 s apart with values 7 and 7, and with 0, 1 and 2.
    [Theory]
    [InlineData("000280a0abfef962401c000000000000987500", 1700000000000, "401c000000000000 401c000000000000")]
    [InlineData("000380a0abfef96200000000000000009875c457fec25fff", 1700000000000, "0000000000000000 3ff0000000000000 4000000000000000")]
    public void Reads_a_chunk(string hex, long start, string values)
    {
        (long, ulong)[] expected = [.. values.Split(' ').Select((value, i) => (start + i * 15_000L, Convert.ToUInt64(value, 16)))];
        Assert.Equal(expected, Read(Convert.FromHexString(hex)));
        Assert.Equal(hex, Convert.ToHexStringLower(Write(expected)));
    }

    private static (long Time, ulong Bits)[] Read(byte[] chunk)
    {
        var samples = new (long Time, ulong Bits)[BinaryPrimitives.ReadUInt16BigEndian(chunk)];
        var reader = new BitReader(chunk.AsSpan(2));
        long time = 0, delta = 0;
        ulong bits = 0;
        int leading = 0, trailing = 0;
        for (int i = 0; i < samples.Length; i++)
        {
            if (i == 0)
            {
                Assert.True(reader.TryReadVarint(out time));
                bits = reader.ReadBits(64);
            }
            else
            {
                if (i == 1)
                {
                    Assert.True(reader.TryReadUvarint(out ulong first));
                    delta = (long)first;
                }
                else
                {
                    delta += ReadDeltaOfDelta(ref reader);
                }

                time += delta;
                bits ^= ReadXor(ref reader, ref leading, ref trailing);
            }

            samples[i] = (time, bits);
        }

        Assert.InRange(reader.RemainingBits, 0, 7);
        return samples;
    }

    private static long ReadDeltaOfDelta(ref BitReader reader)
    {
        int width = new[] { 0, 14, 17, 20, 64 }[Math.Min(reader.CountLeadingOneBits(), 4)];
        reader.ReadBits(width switch { 0 => 1, 14 => 2, 17 => 3, _ => 4 });
        ulong bits = reader.ReadBits(width);
        return width is 0 or 64 ? (long)bits : VarbitInt.SignedFromBits(bits, width);
    }

    private static ulong ReadXor(ref BitReader reader, ref int leading, ref int trailing)
    {
        if (!reader.ReadBit())
            return 0;
        if (reader.ReadBit())
        {
            leading = (int)reader.ReadBits(5);
            int significant = (int)reader.ReadBits(6);
            trailing = 64 - leading - (significant == 0 ? 64 : significant);
        }

        return reader.ReadBits(64 - leading - trailing) << trailing;
    }

    private static byte[] Write((long Time, ulong Bits)[] samples)
    {
        var chunk = new byte[2 + 32 + samples.Length * 20];
        BinaryPrimitives.WriteUInt16BigEndian(chunk, (ushort)samples.Length);
        var writer = new BitWriter(chunk, 16);
        long delta = 0;
        int leading = -1, trailing = 0;
        for (int i = 0; i < samples.Length; i++)
        {
            if (i == 0)
            {
                writer.WriteVarint(samples[0].Time);
                writer.WriteBits(samples[0].Bits, 64);
                continue;
            }

            long newDelta = samples[i].Time - samples[i - 1].Time;
            if (i == 1)
                writer.WriteUvarint((ulong)newDelta);
            else
                WriteDeltaOfDelta(ref writer, newDelta - delta);
            delta = newDelta;
            WriteXor(ref writer, samples[i].Bits ^ samples[i - 1].Bits, ref leading, ref trailing);
        }

        return chunk[..writer.Flush()];
    }

    private static void WriteDeltaOfDelta(ref BitWriter writer, long value)
    {
        if (value == 0)
            writer.WriteBit(false);
        else if (VarbitInt.FitsSigned(value, 14))
            writer.WriteBits(0b10UL << 14 | (ulong)value & 0x3fff, 16);
        else if (VarbitInt.FitsSigned(value, 17))
            writer.WriteBits(0b110UL << 17 | (ulong)value & 0x1ffff, 20);
        else if (VarbitInt.FitsSigned(value, 20))
            writer.WriteBits(0b1110UL << 20 | (ulong)value & 0xfffff, 24);
        else
        {
            writer.WriteBits(0b1111, 4);
            writer.WriteBits((ulong)value, 64);
        }
    }

    private static void WriteXor(ref BitWriter writer, ulong xor, ref int leading, ref int trailing)
    {
        writer.WriteBit(xor != 0);
        if (xor == 0)
            return;
        int newLeading = Math.Min((int)ulong.LeadingZeroCount(xor), 31);
        int newTrailing = (int)ulong.TrailingZeroCount(xor);
        bool reuse = leading >= 0 && newLeading >= leading && newTrailing >= trailing;
        writer.WriteBit(!reuse);
        if (!reuse)
        {
            (leading, trailing) = (newLeading, newTrailing);
            writer.WriteBits((ulong)leading, 5);
            // 64 significant bits are written as 0, which no difference has.
            writer.WriteBits((ulong)(64 - leading - trailing), 6);
        }

        writer.WriteBits(xor >> trailing, 64 - leading - trailing);
    }
}
