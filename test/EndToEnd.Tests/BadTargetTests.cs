using System.Text.Json;
using Forethought.Testing;

namespace EndToEnd.Tests;

/// <summary>Targets that misbehave are down and say why; the others go on.</summary>
public sealed class BadTargetTests
{
    private static readonly TargetAnswer Good = new("exposed 1\n");

    private static readonly (string Job, TargetAnswer Answer, string Error)[] Bad =
    [
        ("hanging", Good with { Hangs = true }, "context deadline exceeded"),
        ("failing", Good with { Status = "500 Internal Server Error" }, "server returned HTTP status 500 Internal Server Error"),
        ("missing", Good with { Status = "404 Not Found" }, "server returned HTTP status 404 Not Found"),
        ("cut", Good with { DeclaredLength = 1000 }, "unexpected EOF"),
        ("half_a_line", new TargetAnswer("exposed 1\nexposed{a=\"b"), "expected label value, got \"\\\"b\\n\" (\"INVALID\") while parsing"),
        ("half_a_number", new TargetAnswer("exposed 1\nexposed{a=\"b\"} 1.2.\n"), "strconv.ParseFloat: parsing \"1.2.\": invalid syntax"),
        ("not_utf8", new TargetAnswer([.. "exposed{a=\""u8, 0xff, .. "\"} 1\n"u8]), "invalid UTF-8 label value"),
        ("html", Good with { ContentType = "text/html" }, "received unsupported Content-Type \"text/html\" and no fallback_scrape_protocol specified for target"),
        ("no_type", Good with { ContentType = null }, "non-compliant scrape target sending blank Content-Type and no fallback_scrape_protocol specified for target"),
        ("no_eof", Good with { ContentType = "application/openmetrics-text; version=1.0.0" }, "data does not end with # EOF"),
        ("duplicate_label", new TargetAnswer("exposed{a=\"1\",a=\"2\"} 1\n"), "label name \"a\" is not unique: invalid sample"),
    ];

    [Fact]
    public async Task Are_down_with_the_reason_while_others_go_on()
    {
        await using var target = new TargetServer(path => Bad.FirstOrDefault(bad => path == "/" + bad.Job).Answer ?? Good);
        string refused = $"127.0.0.1:{FreePort.Next()}";
        using var home = new ServerHome(
            "global: {scrape_interval: 1s}\nscrape_configs:\n" + Job("good", target.Endpoint) + Job("refused", refused)
            + string.Concat(Bad.Select(bad => Job(bad.Job, target.Endpoint))));
        await using ServerProcess server = await home.Start();

        await Eventually.Passes(async () => Assert.Equal(Bad.Length + 2, (await server.Api.Query("up")).Count));
        await Eventually.Passes(async () =>
        {
            IReadOnlyDictionary<string, JsonElement> targets = await server.Api.Targets();
            Assert.Equal("", Error(targets["good"]));
            Assert.EndsWith($"dial tcp {refused}: connect: connection refused", Error(targets["refused"]), StringComparison.Ordinal);
            Assert.All(Bad, bad => Assert.Contains(bad.Error, Error(targets[bad.Job]), StringComparison.Ordinal));
            Assert.All(targets, pair => Assert.Equal(pair.Key == "good" ? "up" : "down", pair.Value.GetProperty("health").GetString()));
        });
        await Eventually.Passes(async () => Assert.True(await server.Api.Value("count_over_time(exposed[1m])") > 2));
        Assert.Equal(0, await server.Api.Value("max(max_over_time(up{job!='good'}[1m]))"));
        Assert.Equal(1, await server.Api.Value("min_over_time(up{job='good'}[1m])"));
    }

    private static string Error(JsonElement target) => target.GetProperty("lastError").GetString()!;

    private static string Job(string name, string endpoint) =>
        $"- job_name: {name}\n  metrics_path: /{name}\n  static_configs: [{{targets: [\"{endpoint}\"]}}]\n";
}
