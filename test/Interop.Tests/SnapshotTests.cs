using System.Net;
using EndToEnd.Tests;
using Forethought.Testing;

namespace Interop.Tests;

/// <summary>
/// A snapshot of the head that one server wrote when it ended is what the other begins with: the log is made blank between the two.
/// </summary>
public sealed class SnapshotTests
{
    private const string Feature = "--enable-feature=memory-snapshot-on-shutdown,exemplar-storage";

    private static readonly string[] Queries = ["written", "count_over_time(written[1h])", "rate(written[10m])", "written{i='7'}[5m]"];

    private readonly LogicalClock _clock = new();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Is_read_by_the_other_and_handed_back(bool forethoughtFirst)
    {
        string reference = Reference.Prometheus;
        using var first = new ServerHome(binary: forethoughtFirst ? ServerBinary.UnderTest : reference);
        using var second = new ServerHome(binary: forethoughtFirst ? reference : ServerBinary.UnderTest) { DataDirectory = first.DataDirectory };
        string[] written = await WriteAndEnd(first, 0, 90, []);
        BlankLog(first);
        string[] continued = await WriteAndEnd(second, 90, 130, written);
        BlankLog(first);
        await WriteAndEnd(first, 130, 150, continued);
    }

    private async Task<string[]> WriteAndEnd(ServerHome home, int begin, int end, string[] expected)
    {
        await using ServerProcess server = await home.Start(Feature);
        Assert.Equal(0, await server.Api.OwnMetric("prometheus_tsdb_snapshot_replay_error_total"));
        if (expected.Length > 0)
            Assert.Equal(expected, await Answers(server, begin));
        using var writer = new RemoteWriter(home.Address);
        Assert.Equal(HttpStatusCode.NoContent, await writer.Write(Samples(begin, end)));
        string[] answers = await Answers(server, end);
        Assert.Equal(0, await server.Terminate());
        Assert.DoesNotContain("level=ERROR", server.Log, StringComparison.Ordinal);
        return answers;
    }

    private IEnumerable<WrittenSample> Samples(int begin, int end) =>
        from i in Enumerable.Range(0, 30)
        from tick in Enumerable.Range(begin, end - begin)
        select new WrittenSample(_clock.Ms(tick), (tick * i) + (0.1 * (tick % 7)), ("__name__", "written"), ("i", $"{i}"));

    private async Task<string[]> Answers(ServerProcess server, int end)
    {
        var answers = new List<string>();
        foreach (string query in Queries)
        {
            IReadOnlyList<QueriedSample> samples = await server.Api.Query(query, _clock.At(end - 1));
            Assert.NotEmpty(samples);
            answers.Add($"{query}: " + string.Join(' ', samples.OrderBy(sample => sample.Series, StringComparer.Ordinal).ThenBy(sample => sample.TimestampMs)));
        }

        return [.. answers];
    }

    private static void BlankLog(ServerHome home)
    {
        foreach (string segment in Directory.GetFiles(home.WalDirectory))
            File.WriteAllBytes(segment, new byte[new FileInfo(segment).Length]);
    }
}
