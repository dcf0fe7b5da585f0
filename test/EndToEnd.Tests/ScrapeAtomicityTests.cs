using Forethought.Testing;

namespace EndToEnd.Tests;

/// <summary>No query sees a part of a scrape.</summary>
public sealed class ScrapeAtomicityTests
{
    private const int Series = 500;

    [Fact]
    public async Task All_series_of_a_scrape_appear_at_once()
    {
        int scrapes = 0;
        await using var target = new TargetServer(_ => new TargetAnswer(Exposition(Interlocked.Increment(ref scrapes))));
        using var home = new ServerHome($"""
            global: {"{scrape_interval: 50ms, scrape_timeout: 50ms}"}
            scrape_configs:
            - job_name: counting
              static_configs: [{"{"}targets: ["{target.Endpoint}"]{"}"}]
            """);
        await using ServerProcess server = await home.Start();
        await Eventually.Passes(async () => Assert.Equal(Series, await server.Api.Value("count(scrape_number)")));

        var seen = new HashSet<double>();
        for (int i = 0; i < 300; i++)
        {
            // A scrape that fails when the machine is busy ends all series at once: then there is no answer.
            IReadOnlyList<QueriedSample> values = await server.Api.Query("count_values('number', scrape_number)");
            Assert.True(values.Count <= 1, "two scrapes at once: " + string.Join("; ", values));
            Assert.All(values, count => Assert.Equal(Series, count.Value));
            seen.UnionWith((await server.Api.Query("scrape_number{i='7'}")).Select(sample => sample.Value));
        }

        Assert.True(seen.Count > 5, $"only {seen.Count} scrapes were seen");
    }

    private static string Exposition(int number) => string.Concat(Enumerable.Range(0, Series).Select(i => $"scrape_number{{i=\"{i}\"}} {number}\n"));
}
