using System.Text;
using Forethought.Testing;

namespace Forethought.Encoding.Tests;

public sealed class SnappyTests
{
    // Blocks written by hand from format_description.txt.
    public static TheoryData<string, string> Blocks => new()
    {
        { "00", "" },
        { "01 00 61", "a" },
        { "05 10 68656c6c6f", "hello" },
        // A literal with its length in one, two, three and four bytes.
        { "05 f0 04 68656c6c6f", "hello" },
        { "05 f4 0400 68656c6c6f", "hello" },
        { "05 f8 040000 68656c6c6f", "hello" },
        { "05 fc 04000000 68656c6c6f", "hello" },
        // The document's own example: "xababab" is the literal "xab" and a copy of 4 from 2 back.
        { "07 08 786162 01 02", "xababab" },
        { "07 08 786162 0e 0200", "xababab" },
        { "07 08 786162 0f 02000000", "xababab" },
        // Copies of one byte, and runs.
        { "02 00 61 02 0100", "aa" },
        { "41 00 61 fe 0100", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" },
        { "0c 0c 61626364 11 04", "abcdabcdabcd" },
    };

    public static TheoryData<string> CorruptBlocks =>
    [
        "", "80", "ffffffff", "ffffffffff01", "8080808080808000",
        // Shorter or longer than declared.
        "01", "02 00 61", "00 00 61", "01 04 6162", "05 10 68656c6c", "05 10 68656c6c6f 00 61",
        // Literal lengths past the input.
        "05 f0", "05 f4 04", "05 fc ffffffff 61", "05 fc 00000080 61", "05 fc feffff7f 6162636465",
        // Copies: offset 0, before the start, cut, too long.
        "05 00 61 01 00", "05 00 61 02 0000", "05 00 61 03 00000000", "05 00 61 01 02", "05 00 61 0e 0200", "05 00 61 0f 02000000",
        "05 00 61 0f ffffffff", "05 00 61 0f 01000080", "05 00 61 01", "05 00 61 0e 01", "05 00 61 0f 010000", "04 00 61 01 01",
        "05 01 01", "05 0e 0100",
    ];

    [Theory]
    [MemberData(nameof(Blocks))]
    public void Expands_blocks_of_the_format_description(string hex, string text)
    {
        byte[] block = Hex(hex);
        byte[] expected = System.Text.Encoding.ASCII.GetBytes(text);
        Assert.Equal(SnappyStatus.Ok, Snappy.ReadLength(block, 100, out int length));
        Assert.Equal(expected.Length, length);
        var destination = new byte[length];
        Assert.Equal(SnappyStatus.Ok, Snappy.Decompress(block, destination, out int written));
        Assert.Equal(expected, destination[..written]);
    }

    [Theory]
    [MemberData(nameof(CorruptBlocks))]
    public void Refuses_corrupt_blocks(string hex)
    {
        var destination = new byte[100];
        Assert.Equal(SnappyStatus.Corrupt, Snappy.Decompress(Hex(hex), destination, out int written));
        Assert.Equal(0, written);
    }

    [Fact]
    public void Refuses_more_than_the_caller_allows_before_anyone_allocates()
    {
        byte[] block = Compress(new byte[1000]);
        Assert.Equal(SnappyStatus.Ok, Snappy.ReadLength(block, 1000, out int length));
        Assert.Equal(1000, length);
        Assert.Equal(SnappyStatus.TooLarge, Snappy.ReadLength(block, 999, out length));
        Assert.Equal(0, length);
        Assert.Equal(SnappyStatus.TooLarge, Snappy.Decompress(block, new byte[999], out int written));
        Assert.Equal(0, written);
        // 4 GiB in five bytes, and 1 MiB in ten: more than any block of that length can hold.
        Assert.Equal(SnappyStatus.TooLarge, Snappy.ReadLength(Hex("ffffffff0f"), int.MaxValue, out _));
        Assert.Equal(SnappyStatus.Corrupt, Snappy.ReadLength(Hex("808040 00 61 fe 0100 fe 0100"), int.MaxValue, out _));
    }

    [Fact]
    public void Bytes_past_the_declared_length_are_left_alone()
    {
        foreach (byte[] data in Samples())
        {
            byte[] block = Compress(data);
            var destination = new byte[data.Length + 64];
            destination.AsSpan().Fill(0xee);
            Assert.Equal(SnappyStatus.Ok, Snappy.Decompress(block, destination, out int written));
            Assert.Equal(data, destination[..written]);
            Assert.True(destination.AsSpan(written).IndexOfAnyExcept((byte)0xee) < 0);
        }
    }

    [Fact]
    public void Another_implementation_reads_what_is_written_and_the_reverse()
    {
        foreach (byte[] data in Samples())
        {
            byte[] block = Compress(data);
            Assert.Equal(data, IronSnappy.Snappy.Decode(block));
            byte[] other = IronSnappy.Snappy.Encode(data);
            var destination = new byte[data.Length];
            Assert.Equal(SnappyStatus.Ok, Snappy.Decompress(other, destination, out int written));
            Assert.Equal(data, destination[..written]);
        }
    }

    [Fact]
    public void Compresses_about_as_well_as_another_implementation()
    {
        foreach (byte[] data in Samples().Where(data => data.Length >= 1000))
            Assert.True(Compress(data).Length <= IronSnappy.Snappy.Encode(data).Length * 1.05 + 16);
    }

    [Fact]
    public void Never_touches_memory_past_its_spans()
    {
        using var source = new GuardedMemory(200_000);
        using var destination = new GuardedMemory(300_000);
        foreach (byte[] data in Samples())
        {
            Span<byte> room = destination.Last(Snappy.MaxCompressedLength(data.Length));
            byte[] block = room[..Snappy.Compress(source.Holding(data), room)].ToArray();
            Span<byte> expanded = destination.Last(data.Length);
            Assert.Equal(SnappyStatus.Ok, Snappy.Decompress(source.Holding(block), expanded, out _));
            Assert.True(expanded.SequenceEqual(data));
        }
    }

    [Fact]
    public void Every_cut_and_flip_of_a_block_is_refused_or_expands_within_bounds()
    {
        using var source = new GuardedMemory(10_000);
        using var destination = new GuardedMemory(10_000);
        var random = new Random(11);
        foreach (byte[] data in Samples().Where(data => data.Length is > 0 and < 3000))
        {
            byte[] block = Compress(data);
            for (int cut = 0; cut < block.Length; cut++)
            {
                SnappyStatus status = Snappy.Decompress(source.Holding(block.AsSpan(0, cut)), destination.Last(data.Length), out _);
                Assert.Equal(SnappyStatus.Corrupt, status);
            }

            for (int round = 0; round < 300; round++)
            {
                byte[] mutated = [.. block];
                for (int flips = random.Next(1, 4); flips > 0; flips--)
                    mutated[random.Next(mutated.Length)] = (byte)random.Next(256);
                SnappyStatus status = Snappy.Decompress(source.Holding(mutated), destination.Last(data.Length), out int written);
                Assert.Equal(status == SnappyStatus.Ok, TryOther(mutated, data.Length) == written && status == SnappyStatus.Ok);
            }
        }
    }

    [Fact]
    public void Random_bytes_never_expand_out_of_bounds()
    {
        using var source = new GuardedMemory(1000);
        using var destination = new GuardedMemory(1000);
        var random = new Random(12);
        for (int round = 0; round < 100_000; round++)
        {
            Span<byte> block = source.Last(random.Next(1, 60));
            random.NextBytes(block);
            int length = random.Next(128);
            block[0] = (byte)length;
            Snappy.Decompress(block, destination.Last(length), out _);
        }
    }

    [Fact]
    public void Misuse_throws()
    {
        var buffer = new byte[200];
        Assert.Throws<ArgumentException>(() => Snappy.Compress(new byte[100], new byte[Snappy.MaxCompressedLength(100) - 1]));
        Assert.Throws<ArgumentException>(() => Snappy.Compress(buffer.AsSpan(0, 10), buffer.AsSpan(5)));
        Assert.Throws<ArgumentException>(() => Snappy.Decompress(buffer.AsSpan(0, 10), buffer.AsSpan(5), out _));
        Assert.Throws<ArgumentOutOfRangeException>(() => Snappy.MaxCompressedLength(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Snappy.MaxCompressedLength(int.MaxValue));
    }

    [Fact]
    public void Allocates_nothing_once_warm()
    {
        byte[] data = Samples().Last();
        var block = new byte[Snappy.MaxCompressedLength(data.Length)];
        var expanded = new byte[data.Length];
        Snappy.Compress(data, block);
        Assert.Equal(0, Allocation.Of(() =>
        {
            int length = Snappy.Compress(data, block);
            Snappy.Decompress(block.AsSpan(0, length), expanded, out _);
        }));
    }

    /// <summary>The length another implementation expands <paramref name="block"/> to, or -1.</summary>
    private static int TryOther(byte[] block, int maxLength)
    {
        if (!Varint.TryReadUvarint(block, out ulong declared, out _) || declared > (ulong)maxLength)
            return -1;
        try
        {
            return IronSnappy.Snappy.Decode(block).Length;
        }
        catch (Exception)
        {
            return -1;
        }
    }

    private static IEnumerable<byte[]> Samples()
    {
        var random = new Random(10);
        foreach (int length in (int[])[0, 1, 2, 3, 4, 15, 16, 17, 18, 31, 59, 60, 61, 64, 65, 255, 256, 257, 1000, 2500])
        {
            var noise = new byte[length];
            random.NextBytes(noise);
            yield return noise;
            yield return new byte[length];
            yield return Periodic(length, 1 + random.Next(20));
            yield return FewSymbols(random, length);
        }

        // Around the block's border of 64 KiB.
        foreach (int length in (int[])[65535, 65536, 65537, 65536 + 17, 150_000])
        {
            yield return new byte[length];
            yield return Periodic(length, 4099);
            yield return FewSymbols(random, length);
            var noise = new byte[length];
            random.NextBytes(noise);
            yield return noise;
        }

        yield return Exposition(random, 1500);
        yield return Records(random, 1000);
    }

    private static byte[] Periodic(int length, int period)
    {
        var data = new byte[length];
        for (int i = 0; i < length; i++)
            data[i] = (byte)(i % period * 31);
        return data;
    }

    private static byte[] FewSymbols(Random random, int length)
    {
        var data = new byte[length];
        for (int i = 0; i < length; i++)
            data[i] = (byte)"aab"[random.Next(3)];
        return data;
    }

    private static byte[] Exposition(Random random, int lines)
    {
        var text = new StringBuilder();
        for (int i = 0; i < lines; i++)
            text.Append($"http_requests_total{{code=\"{200 + random.Next(5)}\",path=\"/api/v1/{i % 50}\"}} {random.Next(100_000)}\n");
        return System.Text.Encoding.ASCII.GetBytes(text.ToString());
    }

    /// <summary>Sample records as in a WAL: varint deltas of references and times, eight bytes of value.</summary>
    private static byte[] Records(Random random, int samples)
    {
        var data = new byte[samples * 30];
        int length = 0;
        for (int i = 0; i < samples; i++)
        {
            length += Varint.WriteVarint(data.AsSpan(length), i);
            length += Varint.WriteVarint(data.AsSpan(length), 0);
            System.Buffers.Binary.BinaryPrimitives.WriteDoubleBigEndian(data.AsSpan(length), random.Next(1000));
            length += 8;
        }

        return data[..length];
    }

    private static byte[] Compress(byte[] data)
    {
        var block = new byte[Snappy.MaxCompressedLength(data.Length)];
        return block[..Snappy.Compress(data, block)];
    }

    private static byte[] Hex(string hex) => Convert.FromHexString(hex.Replace(" ", ""));
}
