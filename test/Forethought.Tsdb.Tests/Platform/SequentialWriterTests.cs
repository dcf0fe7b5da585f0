using System.Buffers.Binary;
using Forethought.Encoding;
using Forethought.Testing;
using Forethought.Tsdb.Platform;
using Xunit;

namespace Forethought.Tsdb.Tests.Platform;

public sealed class SequentialWriterTests
{
    private readonly MemoryDisk _disk = new();

    [Fact]
    public void Writes_numbers_texts_and_padding()
    {
        using (var writer = new SequentialWriter(_disk.Root.Create("a")))
        {
            writer.WriteByte(7);
            writer.Pad(4);
            writer.Pad(4);
            writer.WriteUInt32(0x01020304);
            writer.WriteUInt64(0x05060708090A0B0C);
            writer.WriteUvarint(300);
            writer.WriteVarint(-2);
            writer.WriteText("ab"u8);
            Assert.Equal(22, writer.Position);
            writer.PatchUInt32(4, 0xFFFFFFFE);
            writer.Sync();
        }

        Assert.Equal("07000000FFFFFFFE05060708090A0B0CAC0203026162", Convert.ToHexString(_disk.Root.File("a").Content));
        Assert.False(_disk.Root.File("a").IsOpen);
    }

    [Fact]
    public void Checksums_cover_what_was_written_since_they_began_across_buffers()
    {
        Random random = Fuzz.Random(90);
        for (int round = 0; round < Fuzz.Rounds(12); round++)
        {
            var expected = new MemoryStream();
            using var writer = new SequentialWriter(_disk.Root.Create("a"));
            for (int part = 0; part < 6; part++)
            {
                byte[] outside = Bytes(random, 200_000);
                writer.Write(outside);
                expected.Write(outside);
                writer.BeginChecksum();
                uint sum = 0;
                for (int i = random.Next(5); i > 0; i--)
                {
                    byte[] inside = Bytes(random, 400_000);
                    writer.Write(inside);
                    expected.Write(inside);
                    sum = Crc32C.Append(sum, inside);
                    if (random.Next(3) == 0)
                        writer.Flush();
                }

                writer.WriteChecksum();
                byte[] bytes = new byte[4];
                BinaryPrimitives.WriteUInt32BigEndian(bytes, sum);
                expected.Write(bytes);
                Assert.Equal(expected.Length, writer.Position);
            }

            writer.Flush();
            Assert.True(expected.ToArray().AsSpan().SequenceEqual(_disk.Root.File("a").Content));
        }
    }

    [Fact]
    public void What_was_not_flushed_is_lost_when_it_is_closed()
    {
        using (var writer = new SequentialWriter(_disk.Root.Create("a")))
            writer.WriteUInt64(1);
        Assert.Empty(_disk.Root.File("a").Content);
    }

    private static byte[] Bytes(Random random, int most)
    {
        byte[] bytes = new byte[random.Next(most)];
        random.NextBytes(bytes);
        return bytes;
    }
}
