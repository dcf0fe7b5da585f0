namespace Forethought.Encoding.Tests;

public sealed class VarintTests
{
    // Codes worked out by hand from the definition (protobuf's own example: 300 is ac 02; zigzag pairs from its encoding page).
    public static TheoryData<ulong, string> Unsigned => new()
    {
        { 0, "00" }, { 1, "01" }, { 127, "7f" }, { 128, "8001" }, { 150, "9601" }, { 300, "ac02" }, { 16383, "ff7f" }, { 16384, "808001" },
        { 1UL << 63, "80808080808080808001" }, { ulong.MaxValue, "ffffffffffffffffff01" },
    };

    public static TheoryData<long, string> Signed => new()
    {
        { 0, "00" }, { -1, "01" }, { 1, "02" }, { -2, "03" }, { 63, "7e" }, { -64, "7f" }, { 64, "8001" },
        { int.MaxValue, "feffffff0f" }, { int.MinValue, "ffffffff0f" },
        { long.MaxValue, "feffffffffffffffff01" }, { long.MinValue, "ffffffffffffffffff01" },
    };

    [Theory]
    [MemberData(nameof(Unsigned))]
    public void Unsigned_values_have_their_code(ulong value, string hex)
    {
        var buffer = new byte[Varint.MaxLength];
        int written = Varint.WriteUvarint(buffer, value);
        Assert.Equal(hex, Convert.ToHexStringLower(buffer.AsSpan(0, written)));
        Assert.Equal(written, Varint.UvarintLength(value));
        Assert.True(Varint.TryReadUvarint(Convert.FromHexString(hex + "ff"), out ulong read, out int length));
        Assert.Equal((value, written), (read, length));
    }

    [Theory]
    [MemberData(nameof(Signed))]
    public void Signed_values_have_their_code(long value, string hex)
    {
        var buffer = new byte[Varint.MaxLength];
        int written = Varint.WriteVarint(buffer, value);
        Assert.Equal(hex, Convert.ToHexStringLower(buffer.AsSpan(0, written)));
        Assert.Equal(written, Varint.UvarintLength(Varint.ZigZag(value)));
        Assert.True(Varint.TryReadVarint(Convert.FromHexString(hex + "ff"), out long read, out int length));
        Assert.Equal((value, written), (read, length));
    }

    [Fact]
    public void Every_width_round_trips_and_every_cut_is_told_as_truncated()
    {
        var random = new Random(1);
        var buffer = new byte[Varint.MaxLength];
        for (int i = 0; i < 20_000; i++)
        {
            ulong value = (ulong)random.NextInt64(long.MinValue, long.MaxValue) >> random.Next(64);
            int written = Varint.WriteUvarint(buffer, value);
            Assert.Equal(written, Varint.UvarintLength(value));
            Assert.True(Varint.TryReadUvarint(buffer, out ulong read, out int length));
            Assert.Equal((value, written), (read, length));
            Assert.True(Varint.TryReadVarint(buffer, out long signed, out _));
            Assert.Equal(value, Varint.ZigZag(signed));
            for (int cut = 0; cut < written; cut++)
            {
                Assert.False(Varint.TryReadUvarint(buffer.AsSpan(0, cut), out read, out length));
                Assert.Equal((0UL, 0), (read, length));
            }
        }
    }

    [Theory]
    [InlineData("ffffffffffffffffff02")]
    [InlineData("8080808080808080807f")]
    [InlineData("8080808080808080808000")]
    [InlineData("ffffffffffffffffffff")]
    [InlineData("ffffffffffffffffffffff01")]
    public void A_value_beyond_64_bits_is_told_as_overflow(string hex)
    {
        Assert.False(Varint.TryReadUvarint(Convert.FromHexString(hex), out ulong value, out int length));
        Assert.Equal((0UL, -10), (value, length));
        Assert.False(Varint.TryReadVarint(Convert.FromHexString(hex), out long signed, out length));
        Assert.Equal((0L, -10), (signed, length));
    }

    [Fact]
    public void Codes_longer_than_needed_are_accepted()
    {
        Assert.True(Varint.TryReadUvarint(Convert.FromHexString("81808000"), out ulong value, out int length));
        Assert.Equal((1UL, 4), (value, length));
    }

    [Fact]
    public void Writing_past_the_destination_throws() =>
        Assert.Throws<IndexOutOfRangeException>(() => Varint.WriteUvarint(new byte[1], 128));
}
