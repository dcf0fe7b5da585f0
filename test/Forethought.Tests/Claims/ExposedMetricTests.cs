using Forethought.Testing;
using Forethought.Tests.Running;

namespace Forethought.Tests.Claims;

/// <summary>A running server shows the metrics that the table claims.</summary>
public sealed class ExposedMetricTests
{
    private const string Prefix = "prometheus_tsdb_";

    // Metrics with labels that name what has not happened yet, and those that need a flag, are there all the same.
    [Fact]
    public async Task Every_claimed_metric_is_there_with_its_type()
    {
        Dictionary<string, string> expected = Surface.Rows("metrics.tsv")
            .Where(row => row[0].StartsWith(Prefix, StringComparison.Ordinal) && row[0] != Prefix + "wal_reader_corruption_errors_total")
            .ToDictionary(row => row[0], row => row[1]);
        await using RunningServer server = await RunningServer.StartAsync(
            "storage: {tsdb: {out_of_order_time_window: 1h}}\n",
            "--enable-feature=exemplar-storage", "--storage.tsdb.head-chunks-write-queue-size=7");
        Dictionary<string, string> shown = (await server.GetAsync("/metrics")).Split('\n')
            .Where(line => line.StartsWith("# TYPE " + Prefix, StringComparison.Ordinal))
            .Select(line => line.Split(' '))
            .ToDictionary(words => words[2], words => words[3]);
        Assert.Equal(expected.OrderBy(metric => metric.Key), shown.OrderBy(metric => metric.Key));
    }
}
