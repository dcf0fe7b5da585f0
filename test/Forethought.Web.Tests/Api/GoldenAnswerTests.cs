using Forethought.Model;

namespace Forethought.Web.Tests.Api;

/// <summary>Bodies byte for byte; the expected ones are answers of Prometheus 3.5.3 over the same samples.</summary>
public sealed class GoldenAnswerTests
{
    [Theory]
    [InlineData(
        "query?query=http_requests_total&time=180",
        """{"status":"success","data":{"resultType":"vector","result":[{"metric":{"__name__":"http_requests_total","code":"200"},"value":[180,"6.5"]},{"metric":{"__name__":"http_requests_total","code":"500"},"value":[180,"+Inf"]}]}}""")]
    [InlineData(
        "query?query=http_requests_total%5B5m%5D&time=180.5",
        """{"status":"success","data":{"resultType":"matrix","result":[{"metric":{"__name__":"http_requests_total","code":"200"},"values":[[60,"1"],[120,"3"],[180,"6.5"]]},{"metric":{"__name__":"http_requests_total","code":"500"},"values":[[60,"0"],[120,"NaN"],[180,"+Inf"]]}]}}""")]
    [InlineData(
        "query?query=odd%5B5m%5D&time=200",
        """{"status":"success","data":{"resultType":"matrix","result":[{"metric":{"__name__":"odd","path":"/<a>&\"q\" \\ é"},"values":[[120,"1e-07"],[180,"1e+21"]]}]}}""")]
    [InlineData(
        "query?query=http_requests_total&time=180&limit=1",
        """{"status":"success","data":{"resultType":"vector","result":[{"metric":{"__name__":"http_requests_total","code":"200"},"value":[180,"6.5"]}]},"warnings":["results truncated due to limit"]}""")]
    [InlineData(
        "query?query=sum(http_requests_total)&time=60",
        """{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[60,"1"]}]}}""")]
    [InlineData(
        "query?query=http_requests_total+%2B+on()+odd&time=180",
        """{"status":"error","errorType":"execution","error":"multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)"}""")]
    [InlineData(
        "query_range?query=http_requests_total&start=60&end=180&step=30.5&limit=1",
        """{"status":"success","data":{"resultType":"matrix","result":[{"metric":{"__name__":"http_requests_total","code":"200"},"values":[[60,"1"],[90.500,"1"],[121,"3"],[151.500,"3"]]}]},"warnings":["results truncated due to limit"]}""")]
    [InlineData(
        "query_range?query=http_requests_total&start=60&end=180&step=60",
        """{"status":"success","data":{"resultType":"matrix","result":[{"metric":{"__name__":"http_requests_total","code":"200"},"values":[[60,"1"],[120,"3"],[180,"6.5"]]},{"metric":{"__name__":"http_requests_total","code":"500"},"values":[[60,"0"],[120,"NaN"],[180,"+Inf"]]}]}}""")]
    [InlineData("labels", """{"status":"success","data":["__name__","code","path"]}""")]
    [InlineData("labels?limit=1", """{"status":"success","data":["__name__"],"warnings":["results truncated due to limit"]}""")]
    [InlineData("labels?match%5B%5D=odd", """{"status":"success","data":["__name__","path"]}""")]
    [InlineData("label/code/values", """{"status":"success","data":["200","500"]}""")]
    [InlineData("label/path/values", """{"status":"success","data":["/\u003ca\u003e\u0026\"q\" \\ é"]}""")]
    [InlineData(
        "label/__name__/values?match%5B%5D=odd&match%5B%5D=http_requests_total",
        """{"status":"success","data":["http_requests_total","odd"]}""")]
    [InlineData(
        "series?match%5B%5D=odd&match%5B%5D=http_requests_total",
        """{"status":"success","data":[{"__name__":"http_requests_total","code":"200"},{"__name__":"http_requests_total","code":"500"},{"__name__":"odd","path":"/<a>&\"q\" \\ é"}]}""")]
    [InlineData(
        "series?match%5B%5D=odd&match%5B%5D=http_requests_total&limit=1",
        """{"status":"success","data":[{"__name__":"http_requests_total","code":"200"}],"warnings":["results truncated due to limit"]}""")]
    public async Task Equal_those_of_prometheus(string path, string expected)
    {
        await using ApiServer server = await ApiServer.StartAsync();
        await server.LoadSamplesAsync();
        Assert.Equal(expected, await server.GetAsync("/api/v1/" + path));
    }

    // Scalars and strings show their time as a plain number, points of series with three decimals or none.
    [Theory]
    [InlineData("query=1&time=.5", """{"resultType":"scalar","result":[0.5,"1"]}""")]
    [InlineData("query=1&time=-1.5", """{"resultType":"scalar","result":[-1.5,"1"]}""")]
    [InlineData("query=1e21&time=1", """{"resultType":"scalar","result":[1,"1000000000000000000000"]}""")]
    [InlineData("query=1e-7&time=1", """{"resultType":"scalar","result":[1,"0.0000001"]}""")]
    [InlineData("query=vector(1e-7)&time=.5", """{"resultType":"vector","result":[{"metric":{},"value":[0.500,"1e-07"]}]}""")]
    [InlineData("query=vector(-0.0)&time=1", """{"resultType":"vector","result":[{"metric":{},"value":[1,"-0"]}]}""")]
    [InlineData("query=%22a%3C%3E%26%E2%80%A8%01%7F%22&time=1", """{"resultType":"string","result":[1,"a\u003c\u003e\u0026\u2028\u0001""" + "\u007f\"]}")]
    [InlineData("query=1&time=2023-11-15T00:00:00%2B23:59", """{"resultType":"scalar","result":[1699920060,"1"]}""")]
    [InlineData("query=1&time=2023-11-15T00:00:00,5Z", """{"resultType":"scalar","result":[1700006400.5,"1"]}""")]
    [InlineData("query=1&time=1&query=2", """{"resultType":"scalar","result":[1,"1"]}""")]
    [InlineData("query=%zz&query=2&time=1", """{"resultType":"scalar","result":[1,"2"]}""")]
    [InlineData("query=1&x=%zz&time=1", """{"resultType":"scalar","result":[1,"1"]}""")]
    [InlineData("query=1&time=1e18", """{"resultType":"scalar","result":[-6930898827.444,"1"]}""")]
    [InlineData("query=1&time=NaN", """{"resultType":"scalar","result":[-9223372036.854,"1"]}""")]
    [InlineData("query=1&time=0000-01-01T00:00:00Z", """{"resultType":"scalar","result":[-6826986978.871,"1"]}""")]
    [InlineData("query=1&time=-292273086-05-16T16:47:06Z", """{"resultType":"scalar","result":[6795364580.679,"1"]}""")]
    [InlineData("query=1&time=1&timeout=1y", """{"resultType":"scalar","result":[1,"1"]}""")]
    public async Task Tell_odd_times_and_texts_as_prometheus_does(string parameters, string data)
    {
        await using ApiServer server = await ApiServer.StartAsync();
        Assert.Equal($"{{\"status\":\"success\",\"data\":{data}}}", await server.GetAsync("/api/v1/query?" + parameters));
    }

    [Theory]
    [InlineData("format_query?query=sum(rate(foo%5B5m%5D))by(job)", "\"sum by (job) (rate(foo[5m]))\"")]
    [InlineData("rules", """{"groups":[]}""")]
    [InlineData("alerts", """{"alerts":[]}""")]
    [InlineData("alertmanagers", """{"activeAlertmanagers":[],"droppedAlertmanagers":[]}""")]
    [InlineData("scrape_pools", """{"scrapePools":[]}""")]
    [InlineData("status/walreplay", """{"min":0,"max":0,"current":0}""")]
    [InlineData("query_exemplars?query=up", "[]")]
    // As Prometheus, with the members that 3.14 added (web/api/v1/translate_ast.go).
    [InlineData("parse_query?query=foo%2Fbar", """{"bool":false,"lhs":{"anchored":false,"matchers":[{"name":"__name__","type":"=","value":"foo"}],"name":"foo","offset":0,"offsetExpr":null,"smoothed":false,"startOrEnd":null,"timestamp":null,"type":"vectorSelector"},"matching":{"card":"one-to-one","fillValues":{"lhs":null,"rhs":null},"include":[],"labels":[],"on":false},"op":"/","rhs":{"anchored":false,"matchers":[{"name":"__name__","type":"=","value":"bar"}],"name":"bar","offset":0,"offsetExpr":null,"smoothed":false,"startOrEnd":null,"timestamp":null,"type":"vectorSelector"},"type":"binaryExpr"}""")]
    public async Task Of_the_smaller_routes_equal_those_of_prometheus(string path, string data)
    {
        await using ApiServer server = await ApiServer.StartAsync();
        Assert.Equal($"{{\"status\":\"success\",\"data\":{data}}}", await server.GetAsync("/api/v1/" + path));
    }

    // The example of upstream's docs/querying/api.md.
    [Fact]
    public async Task Exemplars_come_by_series()
    {
        await using ApiServer server = await ApiServer.StartAsync();
        await Add("foo", "Olp9XHlq763ccsfa", 19, 1600096955479);
        await Add("foo", "hCtjygkIHwAN9vs4", 20, 1600096965489);
        await Add("bar", "EpTxMJ40fUus7aGY", 6, 1600096945479);
        await Add("foo", "later", 21, 1600096990000);
        string body = await server.GetAsync(
            "/api/v1/query_exemplars?query=test_exemplar_metric_total&start=2020-09-14T15:22:25.479Z&end=2020-09-14T15:23:05.479Z");
        Assert.Equal(
            """
            {"status":"success","data":[{"seriesLabels":{"__name__":"test_exemplar_metric_total","instance":"localhost:8090","job":"prometheus","service":"bar"},"exemplars":[{"labels":{"trace_id":"EpTxMJ40fUus7aGY"},"value":"6","timestamp":1600096945.479}]},{"seriesLabels":{"__name__":"test_exemplar_metric_total","instance":"localhost:8090","job":"prometheus","service":"foo"},"exemplars":[{"labels":{"trace_id":"Olp9XHlq763ccsfa"},"value":"19","timestamp":1600096955.479},{"labels":{"trace_id":"hCtjygkIHwAN9vs4"},"value":"20","timestamp":1600096965.489}]}]}
            """, body);

        Task Add(string service, string trace, double value, long timeMs) => server.AppendExemplarAsync(
            Labels.FromStrings("__name__", "test_exemplar_metric_total", "instance", "localhost:8090", "job", "prometheus", "service", service),
            new Exemplar(Labels.FromStrings("trace_id", trace), value, timeMs, true));
    }

    [Theory]
    [InlineData("a", "a")]
    [InlineData("sum(rate(a[5m])) by (x) / on () -(b offset 5m)", "a b")]
    [InlineData("topk(scalar(c), max_over_time((a)[5m:1m]))", "a c")]
    [InlineData("{__name__=~\"a|c\", n!=\"\"}", "a c")]
    [InlineData("a{n=\"other\"}", "")]
    public async Task Exemplars_are_those_of_every_selector_of_the_query(string query, string found)
    {
        await using ApiServer server = await ApiServer.StartAsync();
        foreach (string name in (string[])["a", "b", "c"])
            await server.AppendExemplarAsync(Labels.FromStrings("__name__", name, "n", "1"), new Exemplar(Labels.Empty, 1, 1000, true));
        string body = await server.GetAsync("/api/v1/query_exemplars?query=" + Uri.EscapeDataString(query));
        Assert.Equal(found, string.Join(' ', System.Text.Json.JsonDocument.Parse(body).RootElement.GetProperty("data")
            .EnumerateArray().Select(series => series.GetProperty("seriesLabels").GetProperty("__name__").GetString())));
    }

    [Fact]
    public async Task Exemplars_of_a_query_without_selectors_have_no_body()
    {
        await using ApiServer server = await ApiServer.StartAsync();
        using HttpResponseMessage response = await server.SendAsync("GET", "/api/v1/query_exemplars?query=1");
        Assert.Equal(204, (int)response.StatusCode);
    }

    [Fact]
    public async Task Statistics_have_upstreams_members_in_order()
    {
        await using ApiServer server = await ApiServer.StartAsync();
        string body = await server.GetAsync("/api/v1/query?query=1&time=1&stats=true");
        string[] members = [.. System.Text.Json.JsonDocument.Parse(body).RootElement.GetProperty("data").GetProperty("stats")
            .EnumerateObject().SelectMany(group => group.Value.EnumerateObject()).Select(member => member.Name)];
        Assert.Equal(
            ["evalTotalTime", "resultSortTime", "queryPreparationTime", "innerEvalTime", "execQueueTime", "execTotalTime",
             "totalQueryableSamples", "samplesRead", "peakSamples"],
            members);
        Assert.EndsWith(
            "\"warnings\":[\"value \\\"x\\\" for parameter \\\"stats\\\" is deprecated and will be rejected in the next major release, use \\\"true\\\" or \\\"all\\\"\"]}",
            await server.GetAsync("/api/v1/query?query=1&time=1&stats=x"), StringComparison.Ordinal);
    }
}
