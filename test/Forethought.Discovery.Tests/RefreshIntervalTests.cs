using Forethought.Configuration;

namespace Forethought.Discovery.Tests;

public sealed class RefreshIntervalTests
{
    [Theory]
    [InlineData(0, 60)]
    [InlineData(-5, 60)]
    [InlineData(1, 1)]
    [InlineData(2_592_000, 2_592_000)]
    [InlineData(2_592_001, 2_592_000)]
    public void Is_the_configured_one_as_far_as_timers_go(long seconds, long expected) =>
        Assert.Equal(TimeSpan.FromSeconds(expected), RefreshInterval.Of(TimeSpan.FromSeconds(seconds), TimeSpan.FromMinutes(1)));

    [Fact]
    public async Task A_year_is_no_reason_for_discovery_to_fail()
    {
        using var directory = new Testing.TemporaryDirectory();
        await File.WriteAllTextAsync(Path.Combine(directory.Path, "one.json"), "[{\"targets\":[\"a:1\"]}]");
        await using var harness = new ManagerHarness(realClock: true);
        await harness.ApplyAsync(
            ("files", [new FileDiscoveryConfiguration { Files = [Path.Combine(directory.Path, "*.json")], RefreshInterval = TimeSpan.FromDays(365) }]),
            ("http", [new HttpDiscoveryConfiguration { Url = "http://127.0.0.1:1/", RefreshInterval = TimeSpan.FromDays(365) }]));
        await harness.UpdateWithAsync(static update => update["files"].Count == 1);
        DiscoveryProblem problem = await harness.NextProblemAsync();
        Assert.Equal("Unable to refresh target groups", problem.Message);
        Assert.IsType<HttpRequestException>(problem.Error);
    }
}
