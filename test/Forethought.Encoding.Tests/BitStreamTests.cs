using System.Runtime.InteropServices;
using System.Text;

namespace Forethought.Encoding.Tests;

public sealed class BitStreamTests
{
    [Fact]
    public void Bits_are_packed_most_significant_first()
    {
        var buffer = new byte[4];
        var writer = new BitWriter(buffer);
        writer.WriteBit(true);
        writer.WriteBits(0b0110, 4);
        writer.WriteBits(0xabc, 12);
        Assert.Equal(17, writer.BitLength);
        Assert.Equal(3, writer.Flush());
        // 1 0110 101010111100, then zeros.
        Assert.Equal([0b10110101, 0b01011110, 0, 0], buffer);
    }

    [Fact]
    public void Random_fields_match_a_string_of_bits_and_read_back()
    {
        var random = new Random(3);
        for (int round = 0; round < 300; round++)
        {
            var fields = Enumerable.Range(0, random.Next(60)).Select(_ => (Value: Next(random), Count: random.Next(65))).ToArray();
            string model = string.Concat(fields.Select(field => Binary(field.Value, field.Count)));
            byte[] expected = Pack(model);
            var buffer = new byte[expected.Length];
            random.NextBytes(buffer);
            var writer = new BitWriter(buffer);
            foreach ((ulong value, int count) in fields)
                writer.WriteBits(value, count);
            Assert.Equal(model.Length, writer.BitLength);
            Assert.Equal(expected.Length, writer.Flush());
            Assert.Equal(expected, buffer);

            var reader = new BitReader(buffer);
            foreach ((ulong value, int count) in fields)
            {
                Assert.True(reader.TryReadBits(count, out ulong read));
                Assert.Equal(count == 64 ? value : value & ((1UL << count) - 1), read);
            }

            Assert.Equal(buffer.Length * 8 - model.Length, reader.RemainingBits);
        }
    }

    [Fact]
    public void A_writer_goes_on_at_any_bit()
    {
        var random = new Random(4);
        for (int start = 0; start < 130; start++)
        {
            string model = Binary(Next(random), 64) + Binary(Next(random), 64) + Binary(Next(random), 64);
            model = model[..start];
            var buffer = new byte[40];
            // Whatever lies after the start is not part of the stream.
            buffer.AsSpan().Fill(0xff);
            Pack(model + new string('1', (8 - model.Length % 8) % 8)).CopyTo(buffer, 0);
            var writer = new BitWriter(buffer, start);
            Assert.Equal(start, writer.BitLength);
            for (int i = 0; i < 20; i++)
            {
                ulong value = Next(random);
                writer.WriteBits(value, 7);
                model += Binary(value, 7);
                // Flushing in between must not disturb what follows.
                Assert.Equal(Pack(model), buffer[..writer.Flush()]);
            }
        }
    }

    [Fact]
    public void A_full_destination_throws_and_nothing_is_written_outside()
    {
        for (int length = 0; length < 20; length++)
        {
            var buffer = new byte[length + 8];
            var writer = new BitWriter(buffer.AsSpan(0, length));
            for (int bit = 0; bit < length * 8; bit++)
                writer.WriteBit(true);
            Assert.Equal(length, writer.Flush());
            bool thrown = false;
            try
            {
                writer.WriteBit(true);
                writer.Flush();
            }
            catch (InvalidOperationException)
            {
                thrown = true;
            }

            Assert.True(thrown);
            Assert.Equal(new byte[8], buffer[length..]);
        }
    }

    [Fact]
    public void A_start_beyond_the_destination_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new BitWriter(new byte[2], 17).BitLength);
        Assert.Throws<ArgumentOutOfRangeException>(() => new BitWriter(new byte[2], -1).BitLength);
        Assert.Equal(16, new BitWriter(new byte[2], 16).BitLength);
    }

    [Fact]
    public void Reading_ends_exactly_at_the_last_bit()
    {
        for (int length = 0; length < 20; length++)
        {
            var source = new byte[length];
            source.AsSpan().Fill(0xff);
            for (int step = 1; step <= 64; step++)
            {
                var reader = new BitReader(source);
                int left = length * 8;
                while (left >= step)
                {
                    Assert.True(reader.TryReadBits(step, out ulong value));
                    Assert.Equal(ulong.MaxValue >> (64 - step), value);
                    left -= step;
                }

                Assert.False(reader.TryReadBits(step, out ulong none));
                Assert.Equal((0UL, left), (none, reader.RemainingBits));
                // A failed read takes nothing.
                while (left-- > 0)
                    Assert.True(reader.TryReadBit(out bool bit) && bit);
                Assert.False(reader.TryReadBit(out _));
            }
        }
    }

    [Fact]
    public void Throwing_forms_name_the_end_of_the_stream()
    {
        Assert.Throws<InvalidDataException>(() => new BitReader([]).ReadBit());
        Assert.Throws<InvalidDataException>(() => new BitReader([1, 2]).ReadBits(17));
        Assert.Throws<InvalidDataException>(() =>
        {
            var reader = new BitReader([0xff]);
            return VarbitInt.Read(ref reader);
        });
        Assert.Throws<InvalidDataException>(() =>
        {
            var reader = new BitReader([0b10_11_0000 | 0xf0]);
            return VarbitInt.ReadUnsigned(ref reader);
        });
    }

    [Fact]
    public void Past_the_end_unchecked_reading_sees_zeros_and_tells_the_overrun()
    {
        var reader = new BitReader([0xff, 0xff]);
        reader.Fill();
        Assert.Equal(0xffff_0000_0000_0000, reader.Window);
        reader.Skip(16);
        Assert.False(reader.Overrun);
        Assert.Equal(0UL, reader.ReadUnchecked(64));
        Assert.True(reader.Overrun);
        Assert.Equal(-64, reader.RemainingBits);
        Assert.False(reader.TryReadBit(out _));
        Assert.False(reader.TryReadBits(1, out _));
    }

    [Fact]
    public void Runs_are_counted_up_to_the_window_and_the_end()
    {
        var random = new Random(5);
        for (int round = 0; round < 2000; round++)
        {
            int run = random.Next(80);
            string model = Binary(Next(random), random.Next(64));
            int start = model.Length;
            model += new string('1', run) + '0';
            byte[] source = Pack(model);
            var reader = new BitReader(source);
            reader.ReadBits(start);
            Assert.Equal(Math.Min(run, BitReader.FilledBits), reader.CountLeadingOneBits());
            Assert.Equal(source.Length * 8 - start, reader.RemainingBits);
        }

        Assert.Equal(0, new BitReader(new byte[3]).CountLeadingOneBits());
        Assert.Equal(16, new BitReader([0xff, 0xff]).CountLeadingOneBits());
        Assert.Equal(0, new BitReader([]).CountLeadingOneBits());
    }

    [Fact]
    public void Varints_need_no_alignment()
    {
        var random = new Random(6);
        var buffer = new byte[12];
        for (int round = 0; round < 5000; round++)
        {
            long value = (long)Next(random) >> random.Next(64);
            int shift = random.Next(8);
            buffer.AsSpan().Clear();
            var writer = new BitWriter(buffer);
            writer.WriteBits(0, shift);
            writer.WriteVarint(value);
            Assert.Equal(shift + 8 * Varint.UvarintLength(Varint.ZigZag(value)), writer.BitLength);
            int length = writer.Flush();
            var reader = new BitReader(buffer.AsSpan(0, length));
            reader.ReadBits(shift);
            Assert.True(reader.TryReadVarint(out long read));
            Assert.Equal(value, read);
            var cut = new BitReader(buffer.AsSpan(0, length - 1));
            cut.TryReadBits(shift, out _);
            Assert.False(cut.TryReadVarint(out read));
            Assert.Equal(0, read);
        }
    }

    [Fact]
    public void A_varint_beyond_64_bits_is_refused()
    {
        Assert.False(new BitReader(Convert.FromHexString("ffffffffffffffffff02")).TryReadUvarint(out _));
        Assert.False(new BitReader(Convert.FromHexString("8080808080808080808000")).TryReadUvarint(out _));
        Assert.True(new BitReader(Convert.FromHexString("ffffffffffffffffff01")).TryReadUvarint(out ulong max));
        Assert.Equal(ulong.MaxValue, max);
    }

    [Fact]
    public void A_source_whose_bits_cannot_be_counted_is_refused() => Assert.Throws<ArgumentException>(() =>
    {
        // Only its length is looked at: there is no such memory.
        byte start = 0;
        return new BitReader(MemoryMarshal.CreateReadOnlySpan(ref start, BitReader.MaxSourceLength + 1)).RemainingBits;
    });

    private static ulong Next(Random random) => (ulong)random.NextInt64(long.MinValue, long.MaxValue);

    private static string Binary(ulong value, int count)
    {
        var text = new StringBuilder();
        for (int bit = count - 1; bit >= 0; bit--)
            text.Append((value >> bit & 1) == 1 ? '1' : '0');
        return text.ToString();
    }

    private static byte[] Pack(string bits)
    {
        var bytes = new byte[(bits.Length + 7) / 8];
        for (int i = 0; i < bits.Length; i++)
        {
            if (bits[i] == '1')
                bytes[i / 8] |= (byte)(0x80 >> i % 8);
        }

        return bytes;
    }
}
