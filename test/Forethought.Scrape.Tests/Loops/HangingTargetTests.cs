using Forethought.Configuration;
using Forethought.Model;
using Xunit;

namespace Forethought.Scrape.Tests;

public sealed class HangingTargetTests
{
    private const int Hanging = 40;

    [Fact]
    public async Task Targets_that_hang_do_not_delay_the_others()
    {
        await using HostileServer server = await HostileServer.StartAsync();
        await using var scraping = new Scraping();
        await scraping.StartAsync(
            Scraping.Job(),
            [
                $"__address__={server.Address},n=good",
                .. Enumerable.Range(0, Hanging).Select(i => $"__address__={server.Address},__metrics_path__=/hang,n=h{i}"),
            ]);
        for (int round = 1; round <= 3; round++)
        {
            // The good target's scrape, and from the second round on what the timeouts of the first one end.
            await scraping.NextAsync(round == 1 ? 1 : 1 + Hanging);
            await HungAsync(server, round * Hanging);
            Assert.Equal(round, scraping.Storage.Samples("good").Count);
        }

        long[] good = [.. scraping.Storage.Samples("good").Select(sample => sample.TimeMs)];
        Assert.Equal([10_000L, 10_000], good.Skip(1).Zip(good, (later, earlier) => later - earlier));
        Assert.Equal((3, 2 * Hanging), (
            scraping.Storage.Samples("up").Count(sample => sample.Value == 1), scraping.Storage.Samples("up").Count(sample => sample.Value == 0)));
    }

    [Fact]
    public async Task A_target_that_hangs_all_the_time_is_reported_down_in_every_interval()
    {
        await using HostileServer server = await HostileServer.StartAsync();
        await using var scraping = new Scraping();
        await scraping.StartAsync(Scraping.Job(path: "/hang"), server.Address);
        scraping.Clock.Advance(TimeSpan.FromSeconds(10));
        for (int round = 1; round <= 4; round++)
        {
            await HungAsync(server, round);
            await scraping.NextAsync();
        }

        List<(long TimeMs, double Value)> up = scraping.Storage.Samples("up");
        Assert.Equal([0.0, 0, 0, 0], up.Select(sample => sample.Value));
        // The first timeout was counted from a clock that had moved on already.
        Assert.Equal([10_000L, 10_000], up.Skip(2).Zip(up.Skip(1), (later, earlier) => later.TimeMs - earlier.TimeMs));
        Assert.All(scraping.Storage.Samples("scrape_duration_seconds"), sample => Assert.Equal(10, sample.Value));
    }

    [Fact]
    public async Task A_target_is_asked_again_after_a_timeout_and_not_timed_out_at_once()
    {
        await using HostileServer server = await HostileServer.StartAsync();
        await using var scraping = new Scraping();
        await scraping.StartAsync(Scraping.Job(path: "/moody") with { ScrapeTimeout = TimeSpan.FromSeconds(2) }, server.Address);
        await scraping.NextAsync();
        long first = scraping.Storage.Samples("up")[0].TimeMs;
        server.Hangs = true;
        for (int round = 1; round <= 3; round++)
        {
            await scraping.UntilAsync(first + 10_000 * round, commits: 0);
            await HungAsync(server, round);
            scraping.Clock.Advance(TimeSpan.FromMilliseconds(1998));
            Assert.Equal(round, scraping.Storage.Commits);
            scraping.Clock.Advance(TimeSpan.FromMilliseconds(2));
            await scraping.Storage.WaitForCommits(round + 1);
        }

        Assert.Equal([first, first + 10_000, first + 20_000, first + 30_000], scraping.Storage.Samples("up").Select(sample => sample.TimeMs));
        Assert.All(scraping.Storage.Samples("scrape_duration_seconds").Skip(1), sample => Assert.InRange(sample.Value, 2, 2.002));
    }

    [Fact]
    public async Task A_target_that_leaves_while_it_hangs_is_waited_for_and_then_marked_stale()
    {
        await using HostileServer server = await HostileServer.StartAsync();
        await using var scraping = new Scraping();
        await scraping.StartAsync(Scraping.Job(path: "/hang"), server.Address);
        scraping.Clock.Advance(TimeSpan.FromSeconds(10));
        await HungAsync(server, 1);
        Task leaving = scraping.SyncAsync("job");
        Assert.False(leaving.IsCompleted);
        await scraping.NextAsync();
        await leaving.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        long last = scraping.Storage.Samples("up")[^1].TimeMs;
        await scraping.UntilAsync(last + 21_000, commits: 1);
        (long timeMs, double value) = scraping.Storage.Samples("up")[^1];
        Assert.Equal((last + 10_000, true), (timeMs, StaleMarker.IsStale(value)));
    }

    private static async Task HungAsync(HostileServer server, int count)
    {
        long start = TimeProvider.System.GetTimestamp();
        while (server.HungCount < count)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromSeconds(20), $"{server.HungCount} of {count} requests came");
            await Task.Yield();
        }
    }
}
