namespace Forethought.Encoding.Tests;

public sealed class ProtobufWriterTests
{
    [Fact]
    public void Writes_the_examples_of_the_encoding_guide()
    {
        using var writer = new ProtobufWriter(1);
        writer.WriteVarint(1, 150);
        writer.WriteBytes(2, "testing"u8);
        int message = writer.StartMessage(3);
        writer.WriteVarint(1, 150);
        writer.EndMessage(message);
        Assert.Equal("0896011207" + "74657374696e67" + "1a03089601", Written(writer));
    }

    [Fact]
    public void Writes_fixed_zigzag_and_large_field_numbers()
    {
        using var writer = new ProtobufWriter();
        writer.WriteDouble(1, 1.0);
        writer.WriteFixed32(2, 0x04030201);
        writer.WriteZigZag(3, -2);
        writer.WriteVarint(16, 1);
        writer.WriteVarint((1 << 29) - 1, 1);
        writer.WriteVarint(4, ulong.MaxValue);
        writer.WritePackedDoubles(5, [1.0, 2.0]);
        writer.WritePackedDoubles(5, []);
        Assert.Equal(
            "09000000000000f03f" + "1501020304" + "1803" + "800101" + "f8ffffff0f01" + "20ffffffffffffffffff01"
            + "2a10000000000000f03f0000000000000040",
            Written(writer));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(125)]
    [InlineData(126)]
    [InlineData(127)]
    [InlineData(128)]
    [InlineData(16_380)]
    [InlineData(16_384)]
    [InlineData(3_000_000)]
    public void A_nested_message_of_any_length_has_the_shortest_prefix(int length)
    {
        var content = new byte[length];
        new Random(22).NextBytes(content);
        using var writer = new ProtobufWriter(16);
        writer.WriteVarint(1, 7);
        int outer = writer.StartMessage(2);
        int inner = writer.StartMessage(3);
        writer.WriteBytes(4, content);
        writer.EndMessage(inner);
        writer.EndMessage(outer);
        writer.WriteVarint(5, 8);

        int bytesField = 1 + Varint.UvarintLength((ulong)length) + length;
        int innerField = 1 + Varint.UvarintLength((ulong)bytesField) + bytesField;
        int outerField = 1 + Varint.UvarintLength((ulong)innerField) + innerField;
        Assert.Equal(2 + outerField + 2, writer.Length);

        var reader = new ProtobufReader(writer.WrittenSpan);
        Assert.True(reader.TryReadField(out int field) && field == 1 && reader.ReadVarint() == 7);
        Assert.True(reader.TryReadField(out field) && field == 2);
        var outerReader = new ProtobufReader(reader.ReadBytes());
        Assert.True(outerReader.TryReadField(out field) && field == 3);
        var innerReader = new ProtobufReader(outerReader.ReadBytes());
        Assert.True(innerReader.TryReadField(out field) && field == 4);
        Assert.True(innerReader.ReadBytes().SequenceEqual(content));
        Assert.True(reader.TryReadField(out field) && field == 5 && reader.ReadVarint() == 8);
        Assert.False(reader.TryReadField(out _) || innerReader.TryReadField(out _) || outerReader.TryReadField(out _));
        Assert.Equal(ProtobufFailure.None, reader.Failure);
    }

    [Fact]
    public void Random_messages_read_back_and_every_cut_between_fields_is_refused_or_shorter()
    {
        var random = new Random(23);
        using var writer = new ProtobufWriter(1);
        for (int round = 0; round < 300; round++)
        {
            writer.Clear();
            var trace = new List<string>();
            Fill(writer, random, trace, 4);
            byte[] message = writer.WrittenSpan.ToArray();
            var read = new List<string>();
            Assert.Equal(ProtobufFailure.None, Read(message, read));
            Assert.Equal(trace, read);
            for (int cut = 0; cut < message.Length; cut++)
            {
                read.Clear();
                ProtobufFailure failure = Read(message.AsSpan(0, cut), read);
                Assert.True(failure == ProtobufFailure.Truncated || read.Count < trace.Count);
            }
        }
    }

    [Fact]
    public void Misuse_throws()
    {
        using var writer = new ProtobufWriter();
        int message = writer.StartMessage(1);
        Assert.Throws<InvalidOperationException>(() => writer.WrittenSpan.Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => writer.EndMessage(message + 1));
        writer.EndMessage(message);
        Assert.Throws<InvalidOperationException>(() => writer.EndMessage(message));
        Assert.Equal("0a00", Written(writer));
    }

    /// <summary>Odd field numbers are nested messages, so that reading knows what it meets.</summary>
    private static void Fill(ProtobufWriter writer, Random random, List<string> trace, int depth)
    {
        for (int fields = random.Next(5); fields > 0; fields--)
        {
            int field = (random.Next(1, 40) * 2) % 70 + 2;
            ulong value = (ulong)random.NextInt64(long.MinValue, long.MaxValue) >> random.Next(64);
            switch (random.Next(depth > 0 ? 5 : 4))
            {
                case 0:
                    writer.WriteVarint(field, value);
                    trace.Add($"{field} {value}");
                    break;
                case 1:
                    writer.WriteFixed64(field, value);
                    trace.Add($"{field} {value}");
                    break;
                case 2:
                    writer.WriteFixed32(field, (uint)value);
                    trace.Add($"{field} {(uint)value}");
                    break;
                case 3:
                    var bytes = new byte[random.Next(200)];
                    random.NextBytes(bytes);
                    writer.WriteBytes(field, bytes);
                    trace.Add($"{field} {Convert.ToHexString(bytes)}");
                    break;
                default:
                    trace.Add($"{field + 1} open");
                    int start = writer.StartMessage(field + 1);
                    Fill(writer, random, trace, depth - 1);
                    writer.EndMessage(start);
                    trace.Add($"{field + 1} close");
                    break;
            }
        }
    }

    private static ProtobufFailure Read(ReadOnlySpan<byte> message, List<string> trace)
    {
        var reader = new ProtobufReader(message);
        while (reader.TryReadField(out int field))
        {
            if (field % 2 == 1)
            {
                trace.Add($"{field} open");
                ReadOnlySpan<byte> nested = reader.ReadBytes();
                if (reader.Failure != ProtobufFailure.None)
                    return reader.Failure;
                Read(nested, trace);
                trace.Add($"{field} close");
                continue;
            }

            string value = reader.WireType switch
            {
                ProtobufWireType.Varint => reader.ReadVarint().ToString(),
                ProtobufWireType.Fixed64 => reader.ReadFixed64().ToString(),
                ProtobufWireType.Fixed32 => reader.ReadFixed32().ToString(),
                _ => Convert.ToHexString(reader.ReadBytes()),
            };
            if (reader.Failure == ProtobufFailure.None)
                trace.Add($"{field} {value}");
        }

        return reader.Failure;
    }

    private static string Written(ProtobufWriter writer) => Convert.ToHexStringLower(writer.WrittenSpan);
}
