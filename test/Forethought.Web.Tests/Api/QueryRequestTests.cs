using Forethought.Storage;
using Forethought.Tsdb;
using Matcher = Forethought.Model.Matcher;

namespace Forethought.Web.Tests.Api;

/// <summary>How requests arrive, and how they end when something goes wrong on the way.</summary>
public sealed class QueryRequestTests
{
    private const string One = """{"status":"success","data":{"resultType":"scalar","result":[1,"1"]}}""";

    [Theory]
    [InlineData("query=1&time=1")]
    [InlineData("time=1&query=%31")]
    public async Task Forms_are_read_from_the_body(string form)
    {
        await using ApiServer server = await ApiServer.StartAsync();
        using HttpResponseMessage response = await server.SendAsync("POST", "/api/v1/query", form);
        Assert.Equal(One, await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Forms_in_parts_are_read_too()
    {
        await using ApiServer server = await ApiServer.StartAsync();
        using var form = new MultipartFormDataContent { { new StringContent("1"), "query" }, { new StringContent("1"), "time" } };
        using var client = new HttpClient();
        using HttpResponseMessage response = await client.PostAsync(new Uri(server.Address, "/api/v1/query"), form);
        Assert.Equal(One, await response.Content.ReadAsStringAsync());
    }

    // Go's net/http reads ten megabytes of a form and no more; the routes that look at the error say so.
    [Fact]
    public async Task Forms_of_more_than_ten_megabytes_are_not_read()
    {
        await using ApiServer server = await ApiServer.StartAsync();
        string form = "match[]=up&x=" + new string('x', 10 << 20);
        using HttpResponseMessage response = await server.SendAsync("POST", "/api/v1/series", form);
        Assert.Equal(400, (int)response.StatusCode);
        Assert.Equal(
            """{"status":"error","errorType":"bad_data","error":"error parsing form values: http: POST too large"}""",
            await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_query_may_be_as_long_as_the_form()
    {
        await using ApiServer server = await ApiServer.StartAsync();
        string query = "1" + string.Concat(Enumerable.Repeat(" ", 1 << 20));
        using HttpResponseMessage response = await server.SendAsync("POST", "/api/v1/query", "time=1&query=" + query);
        Assert.Equal(One, await response.Content.ReadAsStringAsync());
    }

    // The text is that of upstream's context deadline; where it strikes decides the phase in it.
    [Fact]
    public async Task A_query_that_outlasts_its_own_timeout_says_so()
    {
        await using ApiServer server = await ApiServer.StartAsync(wrap: _ => new BreakingStorage(seriesBeforeFailure: null));
        using HttpResponseMessage response = await server.SendAsync("GET", "/api/v1/query?query=up&timeout=5ms");
        string body = await response.Content.ReadAsStringAsync();
        Assert.Equal(503, (int)response.StatusCode);
        Assert.StartsWith("""{"status":"error","errorType":"timeout","error":"query timed out in """, body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("up", true)]
    [InlineData("rate(up[5m])", true)]
    [InlineData("sum(up)", true)]
    [InlineData("topk(scalar(up), vector(1))", true)]
    [InlineData("1 + up", true)]
    [InlineData("-up", true)]
    [InlineData("(up)", true)]
    [InlineData("max_over_time(up[5m:1m])", true)]
    [InlineData("1 + 2", false)]
    [InlineData("vector(time())", false)]
    [InlineData("'text'", false)]
    public async Task Exemplars_need_a_selector(string query, bool hasSelector)
    {
        await using ApiServer server = await ApiServer.StartAsync();
        using HttpResponseMessage response = await server.SendAsync("GET", "/api/v1/query_exemplars?query=" + Uri.EscapeDataString(query));
        Assert.Equal(hasSelector ? 200 : 204, (int)response.StatusCode);
        Assert.Equal(hasSelector ? """{"status":"success","data":[]}""" : "", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Replay_is_shown_as_far_as_it_is()
    {
        await using ApiServer server = await ApiServer.StartAsync(routes => routes with { Readiness = new ServerReadiness { Replay = new WalReplayProgress(2, 9, 4) } });
        Assert.Equal("""{"status":"success","data":{"min":2,"max":9,"current":4}}""", await server.GetAsync("/api/v1/status/walreplay"));
    }

    // Half an answer must not look like a whole one: the connection ends instead, compressed or not.
    [Theory]
    [InlineData("identity")]
    [InlineData("gzip")]
    public async Task An_answer_that_breaks_off_ends_the_connection(string coding)
    {
        await using ApiServer server = await ApiServer.StartAsync(wrap: _ => new BreakingStorage(seriesBeforeFailure: 200_000));
        await Assert.ThrowsAsync<HttpRequestException>(async () =>
        {
            using HttpResponseMessage response = await server.SendAsync("GET", "/api/v1/series?match%5B%5D=up", null, ("Accept-Encoding", coding));
            await Bodies.ReadAsync(response);
        });
    }

    // Nothing of it went out yet, so the error replaces it.
    [Theory]
    [InlineData("identity")]
    [InlineData("gzip")]
    public async Task An_answer_that_breaks_off_before_it_was_sent_is_an_error(string coding)
    {
        await using ApiServer server = await ApiServer.StartAsync(wrap: _ => new BreakingStorage(seriesBeforeFailure: 3));
        using HttpResponseMessage response = await server.SendAsync("GET", "/api/v1/series?match%5B%5D=up", null, ("Accept-Encoding", coding));
        Assert.Equal(422, (int)response.StatusCode);
        Assert.Equal("""{"status":"error","errorType":"execution","error":"chunk is gone"}""", await Bodies.ReadAsync(response));
    }

    [Fact]
    public async Task Warnings_of_the_storage_are_passed_on_once()
    {
        await using ApiServer server = await ApiServer.StartAsync(wrap: _ => new BreakingStorage(seriesBeforeFailure: -1));
        Assert.Equal(
            """{"status":"success","data":[],"warnings":["remote is slow"]}""", await server.GetAsync("/api/v1/series?match%5B%5D=up&match%5B%5D=down"));
    }

    /// <summary>A storage whose series end in an error; with a negative number there are none, and no error either;
    /// without one, nothing is found until the query is given up.</summary>
    private sealed class BreakingStorage(int? seriesBeforeFailure) : Storage.IQueryable
    {
        public IQuerier OpenQuerier(long minTimeMs, long maxTimeMs) => new Querier(seriesBeforeFailure);

        private sealed class Querier(int? seriesBeforeFailure) : IQuerier
        {
            public async ValueTask<ISeriesSet> SelectAsync(
                SelectHints hints, IReadOnlyList<Matcher> matchers, CancellationToken cancellationToken = default)
            {
                if (seriesBeforeFailure is null)
                    await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
                return new Series(seriesBeforeFailure ?? 0);
            }

            public ValueTask<LabelQueryResult> LabelValuesAsync(
                string name, IReadOnlyList<Matcher> matchers, int limit, CancellationToken cancellationToken = default) =>
                throw new InvalidOperationException("only series are asked for");

            public ValueTask<LabelQueryResult> LabelNamesAsync(
                IReadOnlyList<Matcher> matchers, int limit, CancellationToken cancellationToken = default) =>
                throw new InvalidOperationException("only series are asked for");

            public void Dispose()
            {
            }
        }

        private sealed class Series(int left) : ISeriesSet
        {
            private readonly Random _random = new(1);
            private int _left = left;
            private byte[] _labels = [];

            public ReadOnlySpan<byte> PackedLabels => _labels;

            public IReadOnlyList<string> Warnings => ["remote is slow"];

            public bool MoveNext()
            {
                if (_left == 0)
                    throw new StorageException("chunk is gone");
                // Random values, so that compression does not hold everything back.
                _labels = Model.Labels.FromStrings("a", $"{_random.NextInt64():x}").Packed.ToArray();
                return _left-- > 0;
            }

            public bool Read(Model.SampleBatch batch) => false;

            public void Dispose()
            {
            }
        }
    }
}
