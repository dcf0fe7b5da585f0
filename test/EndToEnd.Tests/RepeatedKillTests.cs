using System.Collections.Concurrent;
using System.Net;
using Forethought.Testing;

namespace EndToEnd.Tests;

/// <summary>Killed again and again in the middle of writing, the server loses nothing that it acknowledged, of any of its lives.</summary>
public sealed class RepeatedKillTests
{
    private const int Lives = 6;
    private const int Writers = 4;

    private readonly ConcurrentDictionary<(int Writer, long TimestampMs), double> _acknowledged = [];
    private readonly long _startMs = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() - 600_000;
    private int _number;

    [Fact]
    public async Task Keeps_every_acknowledged_write_of_six_lives()
    {
        using var home = new ServerHome();
        for (int life = 0; life < Lives; life++)
        {
            await using ServerProcess server = await home.Start();
            await HasEverything(server);
            int before = _acknowledged.Count;
            Task[] writing = [.. Enumerable.Range(0, Writers).Select(writer => WriteUntilKilled(home.Address, writer))];
            int wanted = before + 40 + (37 * life);
            await Eventually.Passes(() =>
            {
                Assert.True(_acknowledged.Count >= wanted, $"{_acknowledged.Count - before} writes were acknowledged");
                return Task.CompletedTask;
            });
            await server.Kill();
            await Task.WhenAll(writing);
        }

        await using ServerProcess last = await home.Start();
        await HasEverything(last);
        Assert.Equal(0, await last.Api.OwnMetric("prometheus_tsdb_wal_corruptions_total"));
    }

    private async Task HasEverything(ServerProcess server)
    {
        var stored = new HashSet<(int, long, double)>();
        for (int writer = 0; writer < Writers; writer++)
        {
            IReadOnlyList<QueriedSample> samples = await server.Api.Query($"written{{writer='{writer}',i='5'}}[20m]");
            stored.UnionWith(samples.Select(sample => (writer, sample.TimestampMs, sample.Value)));
        }

        Assert.DoesNotContain(_acknowledged, write => !stored.Contains((write.Key.Writer, write.Key.TimestampMs, write.Value)));
    }

    private async Task WriteUntilKilled(Uri server, int writer)
    {
        using var remote = new RemoteWriter(server);
        try
        {
            while (true)
            {
                int number = Interlocked.Increment(ref _number);
                // Each write brings a new series, so that series and samples records alternate.
                WrittenSample[] batch =
                [
                    .. Enumerable.Range(0, 10).Select(i => new WrittenSample(
                        _startMs + number, number, ("__name__", "written"), ("i", i == 9 ? $"new{number}" : $"{i}"), ("writer", $"{writer}"))),
                ];
                if (await remote.Write(batch) == HttpStatusCode.NoContent)
                    _acknowledged[(writer, _startMs + number)] = number;
            }
        }
        catch (HttpRequestException)
        {
            // Killed.
        }
    }
}
