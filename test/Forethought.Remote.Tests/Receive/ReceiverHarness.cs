using Forethought.Client;
using Forethought.Encoding;
using Forethought.Remote.Receive;
using Forethought.Storage;
using Forethought.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Forethought.Remote.Tests.Receive;

/// <summary>A receiver without a server around it. The clock stands at <see cref="NowMs"/>.</summary>
internal sealed class ReceiverHarness
{
    /// <summary>2026-01-01T00:00:00Z.</summary>
    public const long NowMs = 1767225600000;

    private readonly MetricRegistry _registry = new();
    private readonly RemoteWriteReceiver _receiver;

    public ReceiverHarness(IAppendable storage, RemoteWriteReceiverOptions? options = null) =>
        _receiver = new RemoteWriteReceiver(
            options ?? new RemoteWriteReceiverOptions { IsEnabled = true }, storage, new FakeTimeProvider(), _registry, Log);

    public RecordingLogger Log { get; } = new();

    public string Metrics => _registry.ToText();

    /// <summary>Compresses a message and sends it.</summary>
    public Task<(int Status, string Text)> SendAsync(WriteRequestBuilder message) => SendAsync(message.ToArray());

    /// <inheritdoc cref="SendAsync(WriteRequestBuilder)"/>
    public Task<(int Status, string Text)> SendAsync(byte[] message, string? encoding = "snappy", string? type = "application/x-protobuf") =>
        SendRawAsync(Compress(message), encoding, type);

    /// <summary>Sends a body as it is.</summary>
    public async Task<(int Status, string Text)> SendRawAsync(byte[] body, string? encoding = "snappy", string? type = "application/x-protobuf")
    {
        DefaultHttpContext context = Context(new MemoryStream(body), encoding, type);
        context.Request.ContentLength = body.Length;
        return await SendAsync(context);
    }

    public async Task<(int Status, string Text)> SendAsync(DefaultHttpContext context)
    {
        var answer = new MemoryStream();
        context.Response.Body = answer;
        await _receiver.HandleAsync(context);
        string text = System.Text.Encoding.UTF8.GetString(answer.ToArray());
        if (context.Response.StatusCode == 204)
        {
            Assert.Empty(text);
            return (204, "");
        }

        Assert.Equal("text/plain; charset=utf-8", context.Response.ContentType);
        Assert.Equal("nosniff", context.Response.Headers.XContentTypeOptions);
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        return (context.Response.StatusCode, text[..^1]);
    }

    public static DefaultHttpContext Context(Stream body, string? encoding = "snappy", string? type = "application/x-protobuf")
    {
        var context = new DefaultHttpContext();
        context.Request.Method = "POST";
        context.Request.Body = body;
        if (encoding is not null)
            context.Request.Headers.ContentEncoding = encoding;
        if (type is not null)
            context.Request.Headers.ContentType = type;
        return context;
    }

    public static byte[] Compress(byte[] message)
    {
        byte[] block = new byte[Snappy.MaxCompressedLength(message.Length)];
        return block[..Snappy.Compress(message, block)];
    }

    public double Metric(string name)
    {
        string line = Metrics.Split('\n').Single(line => line.StartsWith(name + " ", StringComparison.Ordinal));
        return double.Parse(line[(name.Length + 1)..], System.Globalization.CultureInfo.InvariantCulture);
    }

    internal sealed class RecordingLogger : ILogger
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Add($"{logLevel} {formatter(state, exception)}");
    }
}
