using System.Text.Json;
using Forethought.PromQL.Execution;

namespace Forethought.Web.Tests.Api;

/// <summary>The member <c>stats</c> of answers (upstream's util/stats/query_stats.go); the counts are worked out by hand.</summary>
public sealed class QueryStatisticsTests
{
    // Three minutes with a sample each; every window of two minutes holds the samples of its two last minutes.
    [Theory]
    [InlineData("odd_one", "[[60,1],[120,1],[180,1]]", 3, "[[60,1],[120,1],[180,1]]", 3)]
    [InlineData("sum_over_time(odd_one[2m])", "[[60,1],[120,2],[180,2]]", 5, "[[60,1],[120,1],[180,1]]", 3)]
    public async Task Of_all_steps_have_their_times(string query, string totalPerStep, int total, string readPerStep, int read)
    {
        JsonElement samples = (await StatisticsAsync($"query_range?query={query}&start=60&end=180&step=60&stats=all")).GetProperty("samples");
        Assert.Equal(
            ["totalQueryableSamplesPerStep", "totalQueryableSamples", "samplesReadPerStep", "samplesRead", "peakSamples"],
            samples.EnumerateObject().Select(member => member.Name));
        Assert.Equal(totalPerStep, samples.GetProperty("totalQueryableSamplesPerStep").GetRawText());
        Assert.Equal(total, samples.GetProperty("totalQueryableSamples").GetInt32());
        Assert.Equal(readPerStep, samples.GetProperty("samplesReadPerStep").GetRawText());
        Assert.Equal(read, samples.GetProperty("samplesRead").GetInt32());
    }

    [Theory]
    [InlineData("stats=true", true)]
    [InlineData("stats=all", false)]
    public async Task Have_no_steps_unless_they_were_asked_for_and_are_enabled(string stats, bool enabled)
    {
        JsonElement samples = (await StatisticsAsync($"query_range?query=odd_one&start=60&end=180&step=60&{stats}", enabled)).GetProperty("samples");
        Assert.Equal(
            ["totalQueryableSamples", "samplesRead", "peakSamples"], samples.EnumerateObject().Select(member => member.Name));
        Assert.Equal(3, samples.GetProperty("totalQueryableSamples").GetInt32());
    }

    [Fact]
    public async Task Of_time_add_up()
    {
        JsonElement timings = (await StatisticsAsync("query?query=odd_one&time=60&stats=true")).GetProperty("timings");
        double Seconds(string name) => timings.GetProperty(name).GetDouble();
        Assert.InRange(Seconds("evalTotalTime"), 0, Seconds("execTotalTime"));
        Assert.InRange(Seconds("innerEvalTime") + Seconds("queryPreparationTime") + Seconds("resultSortTime"), 0, Seconds("evalTotalTime") + 1e-6);
        Assert.InRange(Seconds("execQueueTime"), 0, Seconds("execTotalTime"));
    }

    [Fact]
    public async Task Are_left_out_when_nobody_asks()
    {
        await using ApiServer server = await ApiServer.StartAsync();
        Assert.DoesNotContain("stats", await server.GetAsync("/api/v1/query?query=1"), StringComparison.Ordinal);
    }

    private static async Task<JsonElement> StatisticsAsync(string path, bool perStep = true)
    {
        await using ApiServer server = await ApiServer.StartAsync(queries: new QueryEngineOptions { PerStepStatistics = perStep });
        await server.AppendAsync(Model.Labels.FromStrings("__name__", "odd_one"), 1, 2, 3);
        using var document = JsonDocument.Parse(await server.GetAsync("/api/v1/" + path));
        return document.RootElement.GetProperty("data").GetProperty("stats").Clone();
    }
}
