using Forethought.Encoding;
using Forethought.Tsdb.Chunks;
using Xunit;

namespace Forethought.Tsdb.Tests.Chunks;

public sealed class XorWindowTests
{
    [Fact]
    public void A_change_takes_the_bits_that_the_format_says()
    {
        // 1.0 to 1.5 flips bit 51: 12 leading and 51 trailing zeros, one bit: 11 01100 000001 1.
        var writer = new BitWriter(new byte[16]);
        var tracked = new TrackedValue(Bits(1.0), XorWindow.None);
        XorWindow.Write(ref writer, Bits(1.5), ref tracked);
        Assert.Equal(14, writer.BitLength);
        // The same value: one zero bit. Back to 1.0: 10 and the one bit of the window.
        XorWindow.Write(ref writer, Bits(1.5), ref tracked);
        XorWindow.Write(ref writer, Bits(1.0), ref tracked);
        Assert.Equal(14 + 1 + 3, writer.BitLength);
        byte[] bytes = new byte[16];
        var again = new BitWriter(bytes);
        tracked = new TrackedValue(Bits(1.0), XorWindow.None);
        XorWindow.Write(ref again, Bits(1.5), ref tracked);
        again.Flush();
        Assert.Equal("D80C", Convert.ToHexString(bytes, 0, 2));
    }

    [Fact]
    public void Any_sequence_comes_out_as_it_went_in()
    {
        var random = new Random(4);
        byte[] bytes = new byte[1 << 14];
        for (int round = 0; round < 300; round++)
        {
            ulong[] values = [.. Enumerable.Range(0, 100).Select(_ => Value(random, round % 4))];
            var writer = new BitWriter(bytes);
            var tracked = new TrackedValue(values[0], XorWindow.None);
            foreach (ulong value in values)
                XorWindow.Write(ref writer, value, ref tracked);
            int length = writer.Flush();

            var reader = new BitReader(bytes.AsSpan(0, length));
            var read = new TrackedValue(values[0], 0);
            foreach (ulong value in values)
            {
                XorWindow.Read(ref reader, ref read);
                Assert.Equal(value, read.Value);
            }

            Assert.InRange(reader.RemainingBits, 0, 7);
        }
    }

    [Fact]
    public void Bits_that_end_inside_a_change_are_told()
    {
        byte[] bytes = new byte[64];
        var writer = new BitWriter(bytes);
        var tracked = new TrackedValue(0, XorWindow.None);
        XorWindow.Write(ref writer, ulong.MaxValue, ref tracked);
        int length = writer.Flush();
        for (int cut = 0; cut < length - 1; cut++)
        {
            Assert.Throws<InvalidDataException>(() =>
            {
                var reader = new BitReader(bytes.AsSpan(0, cut));
                var read = new TrackedValue(0, 0);
                XorWindow.Read(ref reader, ref read);
            });
        }
    }

    [Theory]
    // 11, then leading zeros and width that do not go together: 31 and 34, 1 and 64 (written 0).
    [InlineData(31, 34)]
    [InlineData(1, 0)]
    public void A_window_of_more_than_64_bits_is_told(int leading, int width)
    {
        byte[] bytes = new byte[32];
        var writer = new BitWriter(bytes);
        writer.WriteBits(0b11, 2);
        writer.WriteBits((ulong)leading, 5);
        writer.WriteBits((ulong)width, 6);
        writer.WriteBits(1, 64);
        writer.Flush();
        Assert.Throws<InvalidDataException>(() =>
        {
            var reader = new BitReader(bytes);
            var read = new TrackedValue(0, 0);
            XorWindow.Read(ref reader, ref read);
        });
    }

    private static ulong Bits(double value) => BitConverter.DoubleToUInt64Bits(value);

    private static ulong Value(Random random, int kind) => kind switch
    {
        0 => (ulong)random.NextInt64(long.MinValue, long.MaxValue),
        1 => Bits(random.Next(4)),
        2 => 1UL << random.Next(64),
        _ => Bits(Math.Round(random.NextDouble(), 2)),
    };
}
