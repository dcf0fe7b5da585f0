using Forethought.Storage;
using Matcher = Forethought.Model.Matcher;

namespace Forethought.Web.Tests.Api;

/// <summary>Status, kind and text of errors; the texts are answers of Prometheus 3.5.3.</summary>
public sealed class ErrorTests
{
    private const string NoQuery = "invalid parameter \"query\": unknown position: parse error: no expression found in input";

    [Theory]
    [InlineData("query", 400, "bad_data", NoQuery)]
    [InlineData("query?query=%zz", 400, "bad_data", NoQuery)]
    [InlineData("query?query=1;2", 400, "bad_data", NoQuery)]
    [InlineData("query?query=1&time=x", 400, "bad_data", "invalid parameter \"time\": invalid time value for 'time': cannot parse \"x\" to a valid timestamp")]
    [InlineData("query?query=1&time=2023-02-30T00:00:00Z", 400, "bad_data", "invalid parameter \"time\": invalid time value for 'time': cannot parse \"2023-02-30T00:00:00Z\" to a valid timestamp")]
    [InlineData("query?query=1&timeout=x", 400, "bad_data", "invalid parameter \"timeout\": cannot parse \"x\" to a valid duration")]
    [InlineData("query?query=1&timeout=1e10", 400, "bad_data", "invalid parameter \"timeout\": cannot parse \"1e10\" to a valid duration. It overflows int64")]
    [InlineData("query?query=)&timeout=0", 400, "bad_data", "invalid parameter \"query\": context deadline exceeded")]
    [InlineData("query?query=1&limit=-1", 400, "bad_data", "invalid parameter \"limit\": limit must be non-negative")]
    [InlineData("query?query=1&limit=x", 400, "bad_data", "invalid parameter \"limit\": strconv.Atoi: parsing \"x\": invalid syntax")]
    [InlineData("query?query=1&limit=99999999999999999999", 400, "bad_data", "invalid parameter \"limit\": strconv.Atoi: parsing \"99999999999999999999\": value out of range")]
    [InlineData("query?query=1&lookback_delta=x", 400, "bad_data", "error parsing lookback delta duration: cannot parse \"x\" to a valid duration")]
    [InlineData("query_range?query=1", 400, "bad_data", "invalid parameter \"start\": cannot parse \"\" to a valid timestamp")]
    [InlineData("query_range?query=1&start=60&end=0&step=60", 400, "bad_data", "invalid parameter \"end\": end timestamp must not be before start time")]
    [InlineData("query_range?query=1&start=0&end=60&step=0", 400, "bad_data", "invalid parameter \"step\": zero or negative query resolution step widths are not accepted. Try a positive integer")]
    [InlineData("query_range?query=1&start=0&end=11001&step=1", 400, "bad_data", "exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)")]
    [InlineData("query_range?query=1&start=0&end=60&step=1e-8", 400, "bad_data", "exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)")]
    [InlineData("query_range?query=1&start=0&end=1e18&step=60", 400, "bad_data", "exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)")]
    [InlineData("query_range?query=%22a%22&start=0&end=0&step=60", 400, "bad_data", "invalid parameter \"query\": invalid expression type \"string\" for range query, must be Scalar or instant Vector")]
    [InlineData("series", 400, "bad_data", "no match[] parameter provided")]
    [InlineData("series?match%5B%5D=up&x=%zz", 400, "bad_data", "error parsing form values: invalid URL escape \"%zz\"")]
    [InlineData("series?match%5B%5D=up;x", 400, "bad_data", "error parsing form values: invalid semicolon separator in query")]
    [InlineData("series?match%5B%5D=%7B%7D", 400, "bad_data", "invalid parameter \"match[]\": match[] must contain at least one non-empty matcher")]
    [InlineData("labels?match%5B%5D=%7B%7D", 400, "bad_data", "match[] must contain at least one non-empty matcher")]
    [InlineData("label/%FF/values", 400, "bad_data", "invalid label name: \"\\xff\"")]
    [InlineData("rules?type=x", 400, "bad_data", "invalid parameter \"type\": not supported value \"x\"")]
    [InlineData("rules?group_next_token=t", 400, "bad_data", "invalid parameter \"group_next_token\": group_limit needs to be present in order to paginate over the groups")]
    [InlineData("rules?group_limit=0", 400, "bad_data", "invalid parameter \"group_limit\": group_limit needs to be greater than 0")]
    [InlineData("rules?group_limit=x", 400, "bad_data", "invalid parameter \"group_limit\": group_limit needs to be a valid number: strconv.ParseInt: parsing \"x\": invalid syntax")]
    [InlineData("rules?group_limit=2147483648", 400, "bad_data", "invalid parameter \"group_limit\": group_limit needs to be a valid number: strconv.ParseInt: parsing \"2147483648\": value out of range")]
    [InlineData("rules?group_limit=1&group_next_token=t", 400, "bad_data", "invalid parameter \"group_next_token\": invalid group_next_token 't'. were rule groups changed?")]
    [InlineData("rules?exclude_alerts=maybe", 400, "bad_data", "invalid parameter \"exclude_alerts\": error converting exclude_alerts: strconv.ParseBool: parsing \"maybe\": invalid syntax")]
    [InlineData("rules?match%5B%5D=%7B%7D", 400, "bad_data", "match[] must contain at least one non-empty matcher")]
    [InlineData("label/U__/values", 400, "bad_data", "invalid label name: \"\"")]
    [InlineData("query_exemplars?query=(", 400, "bad_data", "1:2: parse error: unclosed left parenthesis")]
    [InlineData("format_query?query=(", 400, "bad_data", "invalid parameter \"query\": 1:2: parse error: unclosed left parenthesis")]
    [InlineData("parse_query?query=(", 400, "bad_data", "invalid parameter \"query\": 1:2: parse error: unclosed left parenthesis")]
    [InlineData("query_exemplars?query=up&start=2&end=1", 400, "bad_data", "end timestamp must not be before start timestamp")]
    public async Task Are_told_as_prometheus_tells_them(string path, int status, string type, string error)
    {
        await using ApiServer server = await ApiServer.StartAsync();
        using HttpResponseMessage response = await server.SendAsync("GET", "/api/v1/" + path);
        using var body = System.Text.Json.JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        Assert.Equal("error", body.RootElement.GetProperty("status").GetString());
        Assert.Equal(type, body.RootElement.GetProperty("errorType").GetString());
        Assert.Equal(error, body.RootElement.GetProperty("error").GetString());
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.ToString());
    }

    // The numbers of upstream's getDefaultErrorCode.
    [Theory]
    [InlineData(ApiErrorType.BadData, "bad_data", 400)]
    [InlineData(ApiErrorType.Execution, "execution", 422)]
    [InlineData(ApiErrorType.Canceled, "canceled", 499)]
    [InlineData(ApiErrorType.Timeout, "timeout", 503)]
    [InlineData(ApiErrorType.Internal, "internal", 500)]
    [InlineData(ApiErrorType.Unavailable, "unavailable", 500)]
    [InlineData(ApiErrorType.NotFound, "not_found", 404)]
    [InlineData(ApiErrorType.NotAcceptable, "not_acceptable", 406)]
    public void Have_a_name_and_a_status_each(ApiErrorType type, string name, int status)
    {
        var error = new ApiException(type, "x");
        Assert.Equal((name, status), (error.TypeName, error.Status));
    }

    [Fact]
    public async Task The_eleven_thousandth_step_is_allowed()
    {
        await using ApiServer server = await ApiServer.StartAsync();
        string body = await server.GetAsync("/api/v1/query_range?query=time()&start=0&end=11000.999&step=1");
        using var document = System.Text.Json.JsonDocument.Parse(body);
        Assert.Equal(11_001, document.RootElement.GetProperty("data").GetProperty("result")[0].GetProperty("values").GetArrayLength());
    }

    [Theory]
    [InlineData("query?query=up&time=1", "expanding series: TSDB not ready")]
    [InlineData("labels", "TSDB not ready")]
    public async Task Of_storage_are_told_as_failures_to_execute(string path, string error)
    {
        await using ApiServer server = await ApiServer.StartAsync(wrap: _ => new FailingStorage(new StorageException("TSDB not ready")));
        using HttpResponseMessage response = await server.SendAsync("GET", "/api/v1/" + path);
        Assert.Equal(422, (int)response.StatusCode);
        Assert.Equal(
            $"{{\"status\":\"error\",\"errorType\":\"execution\",\"error\":\"{error}\"}}", await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("identity")]
    [InlineData("gzip")]
    public async Task Of_the_servers_own_making_reach_the_client_and_the_next_request_is_served(string coding)
    {
        await using ApiServer server = await ApiServer.StartAsync(wrap: _ => new FailingStorage(new InvalidOperationException("broken")));
        using HttpResponseMessage response = await server.SendAsync("GET", "/api/v1/labels", null, ("Accept-Encoding", coding));
        Assert.Equal(500, (int)response.StatusCode);
        Assert.Equal(
            """{"status":"error","errorType":"internal","error":"unexpected error: broken"}""",
            await Bodies.ReadAsync(response));
        Assert.Contains("\"scalar\"", await server.GetAsync("/api/v1/query?query=1"), StringComparison.Ordinal);
    }

    private sealed class FailingStorage(Exception failure) : Storage.IQueryable
    {
        public IQuerier OpenQuerier(long minTimeMs, long maxTimeMs) => new Querier(failure);

        private sealed class Querier(Exception failure) : IQuerier
        {
            public ValueTask<ISeriesSet> SelectAsync(SelectHints hints, IReadOnlyList<Matcher> matchers, CancellationToken cancellationToken = default) =>
                ValueTask.FromException<ISeriesSet>(failure);

            public ValueTask<LabelQueryResult> LabelValuesAsync(
                string name, IReadOnlyList<Matcher> matchers, int limit, CancellationToken cancellationToken = default) =>
                ValueTask.FromException<LabelQueryResult>(failure);

            public ValueTask<LabelQueryResult> LabelNamesAsync(
                IReadOnlyList<Matcher> matchers, int limit, CancellationToken cancellationToken = default) =>
                ValueTask.FromException<LabelQueryResult>(failure);

            public void Dispose()
            {
            }
        }
    }
}
