using System.Net.Http.Headers;
using Forethought.Testing;
using Forethought.Tsdb;

namespace Forethought.Remote.Tests.Receive;

/// <summary>Sends the same requests to the real Prometheus and to the receiver, and compares status and text of the answers.</summary>
public sealed class RemoteWriteAgreementTests
{
    private const int Hour = 3600 * 1000;

    [Fact]
    public async Task Answers_as_the_real_prometheus_does()
    {
        Peers.Require("prometheus");
        using var directory = new TemporaryDirectory();
        await using TsdbStore store = await TsdbStore.OpenAsync(new TsdbOptions { Path = directory.File("ours") });
        await using LoopbackServer server = await LoopbackServer.StartAsync(store, TimeProvider.System);
        await using PrometheusProcess prometheus = await PrometheusProcess.StartAsync(directory, _ => "global: {}");
        using var client = new HttpClient();
        var theirs = new Uri($"http://127.0.0.1:{prometheus.Port}/api/v1/write");

        foreach (Request request in Requests(TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds()))
        {
            string expected = await SendAsync(client, theirs, request);
            Assert.Equal($"{request.What}: {expected}", $"{request.What}: {await SendAsync(client, server.Url, request)}");
        }
    }

    // One after another: what is stored decides what later ones are answered.
    private static IEnumerable<Request> Requests(long now)
    {
        yield return Message("a sample", WriteRequestBuilder.Of("__name__=m,a=b", (now, 1.5)));
        yield return Message("the same sample", WriteRequestBuilder.Of("__name__=m,a=b", (now, 1.5)));
        foreach (double value in (double[])[2.5, 1234567, 1e-7, double.NaN, double.NegativeInfinity, 100000, 1e21])
            yield return Message("another value", WriteRequestBuilder.Of("__name__=m,a=b", (now, value)));
        yield return Message("an older sample", WriteRequestBuilder.Of("__name__=m,a=b", (now - 1000, 1)));
        yield return Message("far too old", WriteRequestBuilder.Of("__name__=m,a=b", (now - 24 * Hour, 1)));
        yield return Message("far too old in a new series", WriteRequestBuilder.Of("__name__=new", (now - 24 * Hour, 1)));
        yield return Message("too far ahead", WriteRequestBuilder.Of("__name__=m,a=b", (now + Hour, 1)));
        yield return Message("two errors", WriteRequestBuilder.Of("__name__=m,a=b", (now, 7)).Series("__name__=n", (now + Hour, 1)));
        yield return Message("no name", WriteRequestBuilder.Of("a=b", (now, 1)));
        yield return Message("a name twice", WriteRequestBuilder.Of("__name__=m,a=b,a=c", (now, 1)));
        yield return Message("not in order", WriteRequestBuilder.Of("a=b,__name__=m", (now, 8)));
        yield return Message("an empty label", WriteRequestBuilder.Of("__name__=m,a=b,c=", (now, 9)));
        foreach (string hex in (string[])["", "ff", "ffff", "05", "0500"])
            yield return new Request("body " + hex, Convert.FromHexString(hex));
        foreach (string hex in (string[])[
            "0a05", "0a", "80", "0affffffffffffffffffff01", "0800", "1800", "0001", "0a020800", "0a021000", "0a021800", "0a022000",
            "0a040a020800", "0a0412020800", "0a0412021200", "0a041a020800", "0a0422020a00", "0a0422022200", "0a06220442020a00",
            "0a0522036a0100", "0a052203620180"])
            yield return new Request("message " + hex, ReceiverHarness.Compress(Convert.FromHexString(hex)));
        foreach (string type in (string[])[
            "text/plain", "application/x-protobuf;proto", "application/x-protobuf;a=b=c", "application/x-protobuf;proto=prometheus.WriteRequest"])
            yield return new Request(type, [0]) { Type = type };
        foreach (string encoding in (string[])["gzip", "zstd"])
            yield return new Request(encoding, [0]) { Encoding = encoding };
    }

    private static Request Message(string what, WriteRequestBuilder message) => new(what, ReceiverHarness.Compress(message.ToArray()));

    private static async Task<string> SendAsync(HttpClient client, Uri url, Request request)
    {
        using var content = new ByteArrayContent(request.Body);
        content.Headers.TryAddWithoutValidation("Content-Type", request.Type);
        content.Headers.TryAddWithoutValidation("Content-Encoding", request.Encoding);
        using HttpResponseMessage answer = await client.PostAsync(url, content, TestContext.Current.CancellationToken);
        MediaTypeHeaderValue? type = answer.Content.Headers.ContentType;
        return $"{(int)answer.StatusCode} {type} {await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)}";
    }

    private sealed record Request(string What, byte[] Body)
    {
        public string Type { get; init; } = "application/x-protobuf";

        public string Encoding { get; init; } = "snappy";
    }
}
