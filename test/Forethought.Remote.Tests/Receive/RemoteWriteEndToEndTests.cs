using System.Net;
using System.Net.Http.Headers;
using Forethought.Remote.Receive;
using Forethought.Testing;
using Forethought.Tsdb;

namespace Forethought.Remote.Tests.Receive;

/// <summary>The receiver between a real HTTP server and a real store.</summary>
public sealed class RemoteWriteEndToEndTests : IAsyncLifetime
{
    private const long Now = ReceiverHarness.NowMs;

    private readonly TemporaryDirectory _directory = new();
    private readonly FakeTimeProvider _time = new();
    private readonly HttpClient _client = new();
    private TsdbStore _store = null!;
    private LoopbackServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _store = await TsdbStore.OpenAsync(new TsdbOptions { Path = _directory.Path, TimeProvider = _time });
        _server = await LoopbackServer.StartAsync(_store, _time);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
        await _store.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task Stores_what_is_sent()
    {
        Assert.Equal((204, ""), await SendAsync(WriteRequestBuilder.Of("__name__=m,b=2", (Now, 1), (Now + 1, 2)).Series("a=1,__name__=m", (Now, 3))));

        Assert.Equal(
            [$"{{__name__=\"m\", a=\"1\"}} 3@{Now}", $"{{__name__=\"m\", b=\"2\"}} 1@{Now}", $"{{__name__=\"m\", b=\"2\"}} 2@{Now + 1}"],
            await StoredSamples.OfAsync(_store, "m"));
    }

    [Theory]
    [InlineData(Now, 2.0, 400, "duplicate sample for timestamp 1767225600000; overrides not allowed: existing 1, new value 2")]
    [InlineData(Now, 1e21, 400, "duplicate sample for timestamp 1767225600000; overrides not allowed: existing 1, new value 1e+21")]
    [InlineData(Now, 1.0, 204, "")]
    [InlineData(Now - 1, 1.0, 400, "out of order sample")]
    [InlineData(Now - 3 * 3600 * 1000, 1.0, 400, "out of bounds")]
    [InlineData(Now + 600_001, 1.0, 400, "out of bounds: timestamp is too far in the future")]
    public async Task Answers_as_the_store_decides_and_stores_nothing_of_a_refused_request(
        long timeMs, double value, int status, string text)
    {
        // A series with more labels must not be taken for the one that was refused.
        await SendAsync(WriteRequestBuilder.Of("__name__=m", (Now, 1)).Series("__name__=m,more=labels", (Now, 77)));

        Assert.Equal(
            (status, text),
            await SendAsync(WriteRequestBuilder.Of("__name__=other", (Now, 5)).Series("__name__=m", (timeMs, value))));
        Assert.Equal(status == 204 ? 1 : 0, (await StoredSamples.OfAsync(_store, "other")).Count);
        Assert.Equal(
            [$"{{__name__=\"m\"}} 1@{Now}", $"{{__name__=\"m\", more=\"labels\"}} 77@{Now}"], await StoredSamples.OfAsync(_store, "m"));
    }

    [Fact]
    public async Task Keeps_only_what_is_in_order_of_a_series_samples_in_one_request()
    {
        // As upstream: rows are compared with what is stored before the request, and again when it is committed.
        Assert.Equal((204, ""), await SendAsync(WriteRequestBuilder.Of("__name__=m", (Now, 1), (Now - 5, 2), (Now + 5, 3))));

        Assert.Equal([$"{{__name__=\"m\"}} 1@{Now}", $"{{__name__=\"m\"}} 3@{Now + 5}"], await StoredSamples.OfAsync(_store, "m"));
    }

    [Fact]
    public async Task Takes_and_refuses_bodies_around_the_limit_whatever_the_server_allows_by_itself()
    {
        // Kestrel's own limit is 30,000,000 bytes.
        byte[] body = new byte[RequestBody.MaxLength];

        Assert.Equal((400, "snappy: corrupt input"), await SendRawAsync(Corrupt(body)));
        Assert.Equal((413, "request body exceeds the 33554432 bytes limit"), await SendRawAsync([.. body, 0]));
    }

    [Fact]
    public async Task Takes_huge_labels_and_huge_label_sets()
    {
        string value = new('v', 12_000_000);
        string many = string.Concat(Enumerable.Range(0, 300_000).Select(i => $"n{i:D6}={i},"));

        Assert.Equal((204, ""), await SendAsync(WriteRequestBuilder.Of("__name__=huge,a=" + value, (Now, 1))));
        Assert.Equal((204, ""), await SendAsync(WriteRequestBuilder.Of(many + "__name__=many", (Now, 2))));
        Assert.Single(await StoredSamples.OfAsync(_store, "huge"), $"{{__name__=\"huge\", a=\"{value}\"}} 1@{Now}");
        Assert.EndsWith($"n299999=\"299999\"}} 2@{Now}", Assert.Single(await StoredSamples.OfAsync(_store, "many")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Takes_many_requests_at_once()
    {
        await Task.WhenAll(Enumerable.Range(0, 16).Select(async sender =>
        {
            for (int i = 0; i < 50; i++)
            {
                WriteRequestBuilder request = WriteRequestBuilder.Of($"__name__=m,sender={sender:D2}", (Now + i, i));
                Assert.Equal((204, ""), await SendAsync(request));
            }
        }));

        List<string> stored = await StoredSamples.OfAsync(_store, "m");
        Assert.Equal(16 * 50, stored.Count);
        for (int i = 0; i < stored.Count; i++)
            Assert.Equal($"{{__name__=\"m\", sender=\"{i / 50:D2}\"}} {i % 50}@{Now + i % 50}", stored[i]);
    }

    private Task<(int Status, string Text)> SendAsync(WriteRequestBuilder request) =>
        SendRawAsync(ReceiverHarness.Compress(request.ToArray()));

    private async Task<(int Status, string Text)> SendRawAsync(byte[] body)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-protobuf");
        content.Headers.ContentEncoding.Add("snappy");
        using HttpResponseMessage answer = await _client.PostAsync(_server.Url, content, TestContext.Current.CancellationToken);
        string text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return ((int)answer.StatusCode, answer.StatusCode == HttpStatusCode.NoContent ? text : text.TrimEnd('\n'));
    }

    // A preamble of ten bytes that all go on.
    private static byte[] Corrupt(byte[] body)
    {
        body.AsSpan(0, 10).Fill(0xff);
        return body;
    }
}
