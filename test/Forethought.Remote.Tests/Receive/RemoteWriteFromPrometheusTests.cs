using System.Globalization;
using Forethought.Storage;
using Forethought.Testing;
using Forethought.Tsdb;

namespace Forethought.Remote.Tests.Receive;

/// <summary>The real Prometheus scrapes itself and sends what it finds.</summary>
public sealed class RemoteWriteFromPrometheusTests
{
    [Fact]
    public async Task Stores_what_the_real_prometheus_sends()
    {
        Peers.Require("prometheus");
        using var directory = new TemporaryDirectory();
        await using TsdbStore store = await TsdbStore.OpenAsync(new TsdbOptions { Path = directory.File("ours") });
        var arrivals = new NoticingStorage(store, commits: 3);
        await using LoopbackServer server = await LoopbackServer.StartAsync(arrivals, TimeProvider.System);
        PrometheusProcess prometheus = await PrometheusProcess.StartAsync(
            directory,
            port => $"""
                global:
                  scrape_interval: 1s
                scrape_configs:
                  - job_name: self
                    static_configs:
                      - targets: ["127.0.0.1:{port}"]
                remote_write:
                  - url: {server.Url}
                    queue_config:
                      batch_send_deadline: 1s
                """);
        await using (prometheus)
            await arrivals.Arrived.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);

        List<string> up = await StoredSamples.OfAsync(store, "up");
        Assert.NotEmpty(up);
        Assert.All(up, sample => Assert.StartsWith(
            $"{{__name__=\"up\", instance=\"127.0.0.1:{prometheus.Port}\", job=\"self\"}} 1@", sample, StringComparison.Ordinal));
        Assert.NotEmpty(await StoredSamples.OfAsync(store, "prometheus_http_request_duration_seconds_bucket"));
        string started = Assert.Single((await StoredSamples.OfAsync(store, "process_start_time_seconds")).Select(ValueOf).Distinct());
        Assert.InRange(
            double.Parse(started, CultureInfo.InvariantCulture),
            TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() - 120,
            TimeProvider.System.GetUtcNow().ToUnixTimeSeconds());
    }

    private static string ValueOf(string sample) => sample[(sample.LastIndexOf(' ') + 1)..sample.LastIndexOf('@')];

    /// <summary>Passes everything on and tells when enough requests were committed.</summary>
    private sealed class NoticingStorage(TsdbStore store, int commits) : IAppendable
    {
        private readonly TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _missing = commits;

        public Task Arrived => _arrived.Task;

        public IAppender OpenAppender() => new Appender(this, store.OpenAppender());

        private void Committed()
        {
            if (Interlocked.Decrement(ref _missing) == 0)
                _arrived.SetResult();
        }

        private sealed class Appender(NoticingStorage owner, IAppender inner) : IAppender
        {
            private int _rows;

            public SeriesRef GetOrCreate(ReadOnlySpan<byte> packedLabels, ulong hash, out bool created) =>
                inner.GetOrCreate(packedLabels, hash, out created);

            public bool IsKnown(SeriesRef series) => inner.IsKnown(series);

            public int Append(AppendBatch batch)
            {
                _rows += batch.Count;
                return inner.Append(batch);
            }

            public async ValueTask CommitAsync(CancellationToken cancellationToken = default)
            {
                await inner.CommitAsync(cancellationToken);
                // Requests that carry metadata only have no rows.
                if (_rows > 0)
                    owner.Committed();
            }

            public void Rollback() => inner.Rollback();

            public void Dispose() => inner.Dispose();
        }
    }
}
