using Forethought.Encoding;
using Forethought.Remote.Receive;
using Microsoft.AspNetCore.Http;

namespace Forethought.Remote.Tests.Receive;

/// <summary>
/// What is answered before anything is stored. Statuses and texts: storage/remote/write_handler.go of Prometheus and
/// exp/api/remote/remote_api.go of client_golang.
/// </summary>
public sealed class RemoteWriteStatusTests
{
    private static readonly byte[] OneSample = WriteRequestBuilder.Of("__name__=up", (ReceiverHarness.NowMs, 1)).ToArray();

    private readonly RecordingStorage _storage = new();

    [Fact]
    public async Task Answers_404_unless_enabled()
    {
        var receiver = new ReceiverHarness(_storage, new RemoteWriteReceiverOptions());

        Assert.Equal(
            (404, "remote write receiver needs to be enabled with --web.enable-remote-write-receiver"), await receiver.SendAsync(OneSample));
        Assert.Empty(_storage.Rows);
    }

    [Theory]
    [InlineData("snappy", "application/x-protobuf")]
    [InlineData(null, "application/x-protobuf")]
    [InlineData("", "application/x-protobuf;proto=prometheus.WriteRequest")]
    [InlineData("snappy", "application/x-protobuf;a=b;proto=prometheus.WriteRequest")]
    [InlineData("snappy", " application/x-protobuf ")]
    [InlineData("snappy", null)]
    public async Task Takes_a_request_with_headers(string? encoding, string? type)
    {
        Assert.Equal((204, ""), await new ReceiverHarness(_storage).SendAsync(OneSample, encoding, type));
        Assert.Equal(["{__name__=\"up\"} 1@1767225600000"], _storage.Rows);
        Assert.Equal(1, _storage.Commits);
    }

    [Theory]
    [InlineData("gzip", "gzip encoding (compression) is not accepted by this server; only snappy is acceptable")]
    [InlineData("Snappy", "Snappy encoding (compression) is not accepted by this server; only snappy is acceptable")]
    public async Task Refuses_an_encoding(string encoding, string text) =>
        Assert.Equal((415, text), await new ReceiverHarness(_storage).SendAsync(OneSample, encoding));

    [Theory]
    [InlineData("text/plain", "expected application/x-protobuf as the first (media) part, got text/plain content-type")]
    [InlineData(
        "application/x-protobuf ;proto=prometheus.WriteRequest",
        "expected application/x-protobuf as the first (media) part, got application/x-protobuf ;proto=prometheus.WriteRequest content-type")]
    [InlineData(
        "application/x-protobuf;proto",
        "as per https://www.rfc-editor.org/rfc/rfc9110#parameter expected parameters to be key-values, got proto in "
        + "application/x-protobuf;proto content-type")]
    [InlineData(
        "application/x-protobuf;a=b=c",
        "as per https://www.rfc-editor.org/rfc/rfc9110#parameter expected parameters to be key-values, got a=b=c in "
        + "application/x-protobuf;a=b=c content-type")]
    [InlineData(
        "application/x-protobuf;proto=x.Y",
        "got application/x-protobuf;proto=x.Y content type; unknown type for remote write protobuf message x.Y, "
        + "supported: prometheus.WriteRequest, io.prometheus.write.v2.Request")]
    [InlineData(
        "application/x-protobuf;proto=io.prometheus.write.v2.Request",
        "io.prometheus.write.v2.Request protobuf message is not accepted by this server; only accepts prometheus.WriteRequest")]
    public async Task Refuses_a_content_type(string type, string text)
    {
        Assert.Equal((415, text), await new ReceiverHarness(_storage).SendAsync(OneSample, type: type));
        Assert.Empty(_storage.Rows);
    }

    [Fact]
    public async Task Refuses_version_1_where_it_is_not_accepted()
    {
        var options = new RemoteWriteReceiverOptions { IsEnabled = true, AcceptedMessages = [RemoteWriteReceiverOptions.Version2Message] };

        (int status, string text) = await new ReceiverHarness(_storage, options).SendAsync(OneSample);

        Assert.Equal(415, status);
        Assert.StartsWith("prometheus.WriteRequest protobuf message is not accepted by this server", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Checks_the_encoding_before_the_body_and_the_body_before_the_content_type()
    {
        var receiver = new ReceiverHarness(_storage);

        Assert.Equal(415, (await receiver.SendRawAsync([0xff], "gzip")).Status);
        Assert.Equal((400, "snappy: corrupt input"), await receiver.SendRawAsync([0xff], "snappy", "text/plain"));
    }

    [Theory]
    [InlineData("")] // no preamble
    [InlineData("ff")] // a preamble cut short
    [InlineData("05")] // nothing after it
    [InlineData("0500")] // a literal without its byte
    [InlineData("ffffffffff7f")] // a length of more than 32 bits
    public async Task Refuses_what_is_not_snappy(string hex) =>
        Assert.Equal((400, "snappy: corrupt input"), await new ReceiverHarness(_storage).SendRawAsync(Convert.FromHexString(hex)));

    [Fact]
    public async Task Takes_an_empty_request()
    {
        Assert.Equal((204, ""), await new ReceiverHarness(_storage).SendRawAsync([0]));
        Assert.Equal(1, _storage.Commits);
    }

    [Fact]
    public async Task Refuses_a_body_of_more_than_32_MiB()
    {
        var receiver = new ReceiverHarness(_storage);
        byte[] body = new byte[RequestBody.MaxLength + 1];

        Assert.Equal((413, "request body exceeds the 33554432 bytes limit"), await receiver.SendRawAsync(body));
        Assert.Equal(
            (413, "request body exceeds the 33554432 bytes limit"),
            await receiver.SendAsync(ReceiverHarness.Context(new MemoryStream(body))));
    }

    [Fact]
    public async Task Refuses_what_expands_to_more_than_32_MiB()
    {
        byte[] preamble = new byte[Varint.MaxLength];
        int length = Varint.WriteUvarint(preamble, RequestBody.MaxLength + 1);

        Assert.Equal(
            (400, "decoded size exceeds the 33554432 bytes limit"),
            await new ReceiverHarness(_storage).SendRawAsync([.. preamble.AsSpan(0, length), 0]));
    }

    [Fact]
    public async Task Takes_exactly_32_MiB_that_arrive_in_small_pieces()
    {
        // A field that is passed over fills the message: tag and length take five bytes.
        byte[] message = new byte[RequestBody.MaxLength];
        message[0] = 15 << 3 | 2;
        Assert.Equal(4, Varint.WriteUvarint(message.AsSpan(1), (ulong)message.Length - 5));
        DefaultHttpContext context = ReceiverHarness.Context(new TricklingStream(ReceiverHarness.Compress(message)));

        Assert.Equal((204, ""), await new ReceiverHarness(_storage).SendAsync(context));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(RequestBody.MaxLength)]
    [InlineData(long.MaxValue)]
    public async Task Does_not_trust_the_announced_length(long length)
    {
        DefaultHttpContext context = ReceiverHarness.Context(new MemoryStream(ReceiverHarness.Compress(OneSample)));
        context.Request.ContentLength = length;

        Assert.Equal((204, ""), await new ReceiverHarness(_storage).SendAsync(context));
    }

    [Fact]
    public async Task Answers_400_when_the_body_breaks_off()
    {
        DefaultHttpContext context = ReceiverHarness.Context(new BrokenStream());

        Assert.Equal((400, "Unexpected end of request content."), await new ReceiverHarness(_storage).SendAsync(context));
    }

    [Fact]
    public async Task Logs_what_it_refuses()
    {
        var receiver = new ReceiverHarness(_storage);

        await receiver.SendRawAsync([0xff]);

        Assert.Equal(["Error Error decoding remote write request snappy: corrupt input"], receiver.Log.Lines);
    }

    private sealed class TricklingStream(byte[] content) : MemoryStream(content)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, 5000)], cancellationToken);
    }

    private sealed class BrokenStream : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            throw new BadHttpRequestException("Unexpected end of request content.");
    }
}
