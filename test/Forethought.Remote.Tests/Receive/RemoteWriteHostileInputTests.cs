using Forethought.Encoding;
using Forethought.Remote.Receive;
using Forethought.Testing;

namespace Forethought.Remote.Tests.Receive;

/// <summary>
/// Requests that are broken by accident or on purpose. The texts are those of prompb/types.pb.go and prompb/remote.pb.go.
/// </summary>
public sealed class RemoteWriteHostileInputTests
{
    private readonly RecordingStorage _storage = new();

    [Theory]
    [InlineData("0a05", "unexpected EOF")]
    [InlineData("0a", "unexpected EOF")]
    [InlineData("80", "unexpected EOF")]
    [InlineData("0affffffffffffffffffff01", "proto: integer overflow")]
    [InlineData("0800", "proto: wrong wireType = 0 for field Timeseries")]
    [InlineData("1800", "proto: wrong wireType = 0 for field Metadata")]
    [InlineData("0001", "proto: WriteRequest: illegal tag 0 (wire type 0)")]
    [InlineData("0a020800", "proto: wrong wireType = 0 for field Labels")]
    [InlineData("0a021000", "proto: wrong wireType = 0 for field Samples")]
    [InlineData("0a021800", "proto: wrong wireType = 0 for field Exemplars")]
    [InlineData("0a022000", "proto: wrong wireType = 0 for field Histograms")]
    [InlineData("0a040a020800", "proto: wrong wireType = 0 for field Name")]
    [InlineData("0a040a021000", "proto: wrong wireType = 0 for field Value")]
    [InlineData("0a0412020800", "proto: wrong wireType = 0 for field Value")]
    [InlineData("0a0412021200", "proto: wrong wireType = 2 for field Timestamp")]
    [InlineData("0a041a020800", "proto: wrong wireType = 0 for field Labels")]
    [InlineData("0a041a021a00", "proto: wrong wireType = 2 for field Timestamp")]
    [InlineData("0a0422020a00", "proto: wrong wireType = 2 for field CountInt")]
    [InlineData("0a0422022000", null)]
    [InlineData("0a0422022200", "proto: wrong wireType = 2 for field Schema")]
    [InlineData("0a0422024000", "proto: wrong wireType = 0 for field NegativeSpans")]
    [InlineData("0a06220442020a00", "proto: wrong wireType = 2 for field Offset")]
    [InlineData("0a0522036a0100", "unexpected EOF")] // a packed double of one byte
    [InlineData("0a052203620180", "unexpected EOF")] // a packed delta cut short
    public async Task Says_what_is_malformed(string hex, string? text)
    {
        (int Status, string Text) expected = text is null ? (204, "") : (400, text);

        Assert.Equal(expected, await new ReceiverHarness(_storage).SendAsync(Convert.FromHexString(hex)));
    }

    [Fact]
    public async Task Tells_what_is_malformed_before_what_is_refused_and_stores_nothing()
    {
        byte[] message = [.. WriteRequestBuilder.Of("__name__=a", (1, 1), (long.MaxValue, 1)).ToArray(), 0x0a];

        Assert.Equal((400, "unexpected EOF"), await new ReceiverHarness(_storage).SendAsync(message));
        Assert.Empty(_storage.Rows);
        Assert.Equal((0, 1), (_storage.Commits, _storage.Rollbacks));
    }

    [Fact]
    public async Task Checks_the_samples_of_series_that_are_left_out()
    {
        WriteRequestBuilder request = new WriteRequestBuilder().Series(series =>
            WriteRequestBuilder.Message(series, 2, sample => sample.WriteVarint(1, 1)));

        Assert.Equal((400, "proto: wrong wireType = 0 for field Value"), await new ReceiverHarness(_storage).SendAsync(request));
    }

    [Fact]
    public async Task Survives_a_cut_at_every_byte_of_the_message_and_of_the_body()
    {
        var receiver = new ReceiverHarness(_storage);
        byte[] message = Everything().ToArray();
        byte[] body = ReceiverHarness.Compress(message);

        for (int length = 0; length < message.Length; length++)
            Assert.Contains((await receiver.SendAsync(message[..length])).Status, (int[])[204, 400]);
        for (int length = 0; length < body.Length; length++)
            Assert.Equal(400, (await receiver.SendRawAsync(body[..length])).Status);
        Assert.Equal(204, (await receiver.SendRawAsync(body)).Status);
    }

    [Fact]
    public async Task Survives_every_flipped_byte()
    {
        var receiver = new ReceiverHarness(_storage);
        byte[] message = Everything().ToArray();
        byte[] body = ReceiverHarness.Compress(message);
        foreach (byte flip in (byte[])[0x01, 0x02, 0x04, 0x40, 0x80, 0xff])
        {
            for (int i = 0; i < message.Length; i++)
            {
                message[i] ^= flip;
                Assert.Contains((await receiver.SendAsync(message)).Status, (int[])[204, 400]);
                message[i] ^= flip;
            }

            for (int i = 0; i < body.Length; i++)
            {
                body[i] ^= flip;
                Assert.Contains((await receiver.SendRawAsync(body)).Status, (int[])[204, 400]);
                body[i] ^= flip;
            }
        }
    }

    [Fact]
    public async Task Survives_random_bytes()
    {
        var receiver = new ReceiverHarness(_storage);
        var random = Fuzz.Random(7);
        for (int round = 0; round < Fuzz.Rounds(20_000); round++)
        {
            byte[] message = new byte[random.Next(64)];
            random.NextBytes(message);
            // Mostly tags and lengths that lead further in.
            for (int i = 0; i < message.Length; i++)
                message[i] = random.Next(3) == 0 ? message[i] : (byte)(random.Next(2) == 0 ? random.Next(1, 17) << 3 | 2 : random.Next(24));
            Assert.Contains((await receiver.SendAsync(message)).Status, (int[])[204, 400]);
            Assert.Contains((await receiver.SendRawAsync(message)).Status, (int[])[204, 400]);
        }
    }

    [Fact]
    public void Reserves_nothing_for_what_a_block_only_declares()
    {
        var receiver = new ReceiverHarness(_storage);
        byte[] preamble = new byte[Varint.MaxLength];
        byte[] body = [.. preamble.AsSpan(0, Varint.WriteUvarint(preamble, RequestBody.MaxLength)), 0, 0, 0, 0];

        Task<(int Status, string Text)>? answer = null;
        Assert.InRange(AllocatedBy(() => answer = receiver.SendRawAsync(body)), 0, 1024 * 1024);
        Assert.True(answer!.IsCompletedSuccessfully);
    }

    public static TheoryData<string, byte[], byte[]> Floods => new()
    {
        { "series without labels", [0x0a, 0x00], [] },
        { "metadata", [0x1a, 0x00], [] },
        { "empty samples in one series", [0x12, 0x00], LabelBytes },
        { "empty exemplars in one series", [0x1a, 0x00], LabelBytes },
        { "empty labels in one series", [0x0a, 0x00], [] },
    };

    private static byte[] LabelBytes => Convert.FromHexString("0a0d0a085f5f6e616d655f5f12016d");

    [Theory]
    [MemberData(nameof(Floods))]
    public void Makes_little_of_many_tiny_parts(string what, byte[] part, byte[] prefix)
    {
        const int Length = 4 * 1024 * 1024;
        byte[] inner = [.. prefix, .. Enumerable.Repeat(part, Length / part.Length).SelectMany(bytes => bytes)];
        byte[] request = what.Contains("one series", StringComparison.Ordinal)
            ? new WriteRequestBuilder().Series(series => Append(series, inner)).ToArray()
            : inner;
        var storage = new CountingStorage();

        long allocated = AllocatedBy(() => new WriteRequestAppender().Append(request, storage, 0));

        // The packed labels take no more than the series, and a batch is bounded.
        Assert.InRange(allocated, 0, Length + 8 * 1024 * 1024);
    }

    private static void Append(ProtobufWriter series, byte[] fields)
    {
        // The writer has no way to write raw bytes; fields of the same two bytes are written one by one.
        var reader = new ProtobufReader(fields);
        while (reader.TryReadField(out int field))
            series.WriteBytes(field, reader.ReadBytes());
    }

    private static long AllocatedBy(Action action)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        action();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    /// <summary>Every message and field there is.</summary>
    private static WriteRequestBuilder Everything() => WriteRequestBuilder.Of("__name__=a,b=c", (1, 2), (3, 4))
        .Series(series =>
        {
            WriteRequestBuilder.Labels(series, "z=1,__name__=h");
            WriteRequestBuilder.Message(series, 3, exemplar =>
            {
                WriteRequestBuilder.Labels(exemplar, "trace_id=abc");
                exemplar.WriteDouble(2, 1);
                exemplar.WriteVarint(3, 5);
            });
            WriteRequestBuilder.Message(series, 4, histogram =>
            {
                histogram.WriteVarint(1, 3);
                histogram.WriteDouble(3, 1.5);
                histogram.WriteZigZag(4, 12);
                histogram.WriteDouble(5, 0.1);
                histogram.WriteVarint(6, 1);
                WriteRequestBuilder.Span(histogram, 8, -2, 1);
                WriteRequestBuilder.Deltas(histogram, 9, 1);
                WriteRequestBuilder.Span(histogram, 11, 4, 1);
                WriteRequestBuilder.Deltas(histogram, 12, 1);
                histogram.WriteVarint(14, 1);
                histogram.WriteVarint(15, 6);
            });
            WriteRequestBuilder.Message(series, 4, histogram =>
            {
                histogram.WriteDouble(2, 3);
                histogram.WriteZigZag(4, -53);
                histogram.WriteDouble(7, 0);
                histogram.WritePackedDoubles(10, []);
                WriteRequestBuilder.Span(histogram, 11, 0, 2);
                histogram.WritePackedDoubles(13, [1, 2]);
                histogram.WriteVarint(15, 7);
                histogram.WritePackedDoubles(16, [0.5, 1]);
            });
        })
        .Field(3, metadata => metadata.WriteBytes(2, "a"u8));
}
