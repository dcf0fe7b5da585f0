using Forethought.Testing;

namespace Forethought.Encoding.Tests;

public sealed class ProtobufReaderTests
{
    // The three messages of protobuf's encoding page (protobuf.dev/programming-guides/encoding): a = 150; b = "testing"; c { a = 150 };
    // and its packed field, 3, 270, 86942.
    [Fact]
    public void Reads_the_examples_of_the_encoding_guide()
    {
        var reader = new ProtobufReader(Hex("08 96 01  12 07 74657374696e67  1a 03 08 96 01  32 06 03 8e02 9ea705"));
        Assert.True(reader.TryReadField(out int field));
        Assert.Equal((1, ProtobufWireType.Varint), (field, reader.WireType));
        Assert.Equal(150UL, reader.ReadVarint());
        Assert.True(reader.TryReadField(out field));
        Assert.Equal((2, ProtobufWireType.LengthDelimited), (field, reader.WireType));
        Assert.Equal("testing"u8.ToArray(), reader.ReadBytes().ToArray());
        Assert.True(reader.TryReadField(out field));
        Assert.Equal(3, field);
        var nested = new ProtobufReader(reader.ReadBytes());
        Assert.True(nested.TryReadField(out field));
        Assert.Equal((1, 150UL), (field, nested.ReadVarint()));
        Assert.False(nested.TryReadField(out _));
        Assert.True(reader.TryReadField(out field));
        Assert.Equal(6, field);
        var packed = new ProtobufReader(reader.ReadBytes());
        var values = new List<ulong>();
        while (packed.TryReadPackedVarint(out ulong value))
            values.Add(value);
        Assert.Equal([3, 270, 86942], values);
        Assert.False(reader.TryReadField(out field));
        Assert.Equal((0, ProtobufFailure.None, ProtobufFailure.None), (field, reader.Failure, packed.Failure));
    }

    [Fact]
    public void Reads_fixed_and_zigzag_values()
    {
        var reader = new ProtobufReader(Hex("09 000000000000f03f  15 01020304  18 03  21 020000000000f07f"));
        Assert.True(reader.TryReadField(out _));
        Assert.Equal(1.0, reader.ReadDouble());
        Assert.True(reader.TryReadField(out _));
        Assert.Equal(0x04030201u, reader.ReadFixed32());
        Assert.True(reader.TryReadField(out _));
        Assert.Equal(-2, reader.ReadZigZag());
        Assert.True(reader.TryReadField(out int field));
        // The stale marker's bits survive.
        Assert.Equal((4, 0x7ff0000000000002UL), (field, BitConverter.DoubleToUInt64Bits(reader.ReadDouble())));
        Assert.False(reader.TryReadField(out _));
        Assert.Equal(ProtobufFailure.None, reader.Failure);
    }

    [Theory]
    [InlineData("08", ProtobufFailure.Truncated, 1)]
    [InlineData("08 80", ProtobufFailure.Truncated, 1)]
    [InlineData("80", ProtobufFailure.Truncated, 0)]
    [InlineData("09 00000000000000", ProtobufFailure.Truncated, 1)]
    [InlineData("0d 000000", ProtobufFailure.Truncated, 1)]
    [InlineData("0a 05 61626364", ProtobufFailure.Truncated, 2)]
    [InlineData("0a ffffffff07", ProtobufFailure.Truncated, 6)]
    [InlineData("0a ffffffffffffffffff01", ProtobufFailure.Truncated, 11)]
    [InlineData("0a ffffffffffffffffff02", ProtobufFailure.VarintOverflow, 1)]
    [InlineData("08 ffffffffffffffffffff01", ProtobufFailure.VarintOverflow, 1)]
    [InlineData("ffffffffffffffffff7f", ProtobufFailure.VarintOverflow, 0)]
    [InlineData("00 00", ProtobufFailure.InvalidFieldNumber, 1)]
    [InlineData("02 00", ProtobufFailure.InvalidFieldNumber, 1)]
    [InlineData("8080808010 00", ProtobufFailure.InvalidFieldNumber, 5)]
    [InlineData("0b 0c", ProtobufFailure.InvalidWireType, 1)]
    [InlineData("0c", ProtobufFailure.InvalidWireType, 1)]
    [InlineData("0e 00", ProtobufFailure.InvalidWireType, 1)]
    [InlineData("0f 00", ProtobufFailure.InvalidWireType, 1)]
    [InlineData("8b01 8c01", ProtobufFailure.InvalidWireType, 2)]
    public void Tells_why_and_where_a_message_is_refused(string hex, ProtobufFailure expected, int position)
    {
        var reader = new ProtobufReader(Hex(hex));
        while (reader.TryReadField(out _))
            reader.Skip();
        Assert.Equal((expected, position), (reader.Failure, reader.Position));
    }

    [Fact]
    public void A_field_of_another_wire_type_is_refused()
    {
        var reader = new ProtobufReader(Hex("08 01 08 01"));
        Assert.True(reader.TryReadField(out _));
        Assert.True(reader.ReadBytes().IsEmpty);
        Assert.Equal(ProtobufFailure.WireTypeMismatch, reader.Failure);
        Assert.False(reader.TryReadField(out _));
    }

    [Fact]
    public void The_first_failure_sticks_and_everything_read_afterwards_is_nothing()
    {
        var reader = new ProtobufReader(Hex("0a 05 61 08 01"));
        Assert.True(reader.TryReadField(out _));
        Assert.True(reader.ReadBytes().IsEmpty);
        Assert.Equal(0UL, reader.ReadVarint());
        Assert.Equal(0UL, reader.ReadFixed64());
        Assert.Equal(0u, reader.ReadFixed32());
        Assert.Equal(0, reader.ReadZigZag());
        Assert.Equal(0.0, reader.ReadDouble());
        Assert.False(reader.TryReadPackedVarint(out _));
        Assert.False(reader.TryReadPackedDouble(out _));
        reader.Skip();
        Assert.False(reader.TryReadField(out _));
        Assert.Equal(ProtobufFailure.Truncated, reader.Failure);
    }

    [Fact]
    public void Packed_fields_cut_short_are_refused()
    {
        var varints = new ProtobufReader(Hex("01 80"));
        Assert.True(varints.TryReadPackedVarint(out ulong one));
        Assert.Equal(1UL, one);
        Assert.False(varints.TryReadPackedVarint(out _));
        Assert.Equal(ProtobufFailure.Truncated, varints.Failure);
        var doubles = new ProtobufReader(Hex("000000000000f03f 00"));
        Assert.True(doubles.TryReadPackedDouble(out double value));
        Assert.Equal(1, value);
        Assert.False(doubles.TryReadPackedDouble(out _));
        Assert.Equal(ProtobufFailure.Truncated, doubles.Failure);
    }

    [Fact]
    public void Any_bytes_are_read_to_an_end_within_their_bounds()
    {
        using var memory = new GuardedMemory(256);
        var random = new Random(21);
        int whole = 0;
        for (int round = 0; round < 100_000; round++)
        {
            Span<byte> message = memory.Last(random.Next(64));
            random.NextBytes(message);
            // Small bytes make plausible tags and lengths.
            for (int i = 0; i < message.Length; i++)
                message[i] = (byte)(random.Next(2) == 0 ? message[i] & 0x1f : message[i]);
            if (Walk(message, 8) == ProtobufFailure.None)
                whole++;
        }

        Assert.InRange(whole, 1000, 99_000);
    }

    private static ProtobufFailure Walk(ReadOnlySpan<byte> message, int depth)
    {
        var reader = new ProtobufReader(message);
        int before = 0;
        while (reader.TryReadField(out int field))
        {
            Assert.InRange(field, 1, (1 << 29) - 1);
            if (reader.WireType == ProtobufWireType.LengthDelimited && depth > 0)
                Walk(reader.ReadBytes(), depth - 1);
            else
                reader.Skip();
            Assert.InRange(reader.Position, before + 1, message.Length);
            before = reader.Position;
        }

        return reader.Failure;
    }

    private static byte[] Hex(string hex) => Convert.FromHexString(hex.Replace(" ", ""));
}
