using System.Net;
using EndToEnd.Tests;
using Forethought.Testing;

namespace Interop.Tests;

/// <summary>A data directory with samples that came out of order goes from one server to the other and back.</summary>
public sealed class LateSampleTests
{
    private const string Window = "storage: {tsdb: {out_of_order_time_window: 6h}}\n";
    private const int Series = 5;

    private static readonly string[] Queries =
        ["count_over_time(late[2h])", "sum(rate(late[10m]))", "late[2h]", "last_over_time(late[3m])", "changes(late[1h])"];

    private readonly LogicalClock _clock = new();

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task Are_read_by_the_other_and_handed_back(bool forethoughtFirst, bool terminate)
    {
        string reference = Reference.Prometheus;
        using var first = new ServerHome(Window, forethoughtFirst ? ServerBinary.UnderTest : reference);
        using var second = new ServerHome(Window, forethoughtFirst ? reference : ServerBinary.UnderTest) { DataDirectory = first.DataDirectory };

        // 100 late samples a series make three full chunks, which Prometheus writes into files.
        string[] written = await WriteAndEnd(first, 0, terminate, []);
        string[] continued = await WriteAndEnd(second, 5000, terminate, written);
        await WriteAndEnd(first, 9000, terminate, continued);
    }

    private async Task<string[]> WriteAndEnd(ServerHome home, int shiftMs, bool terminate, string[] expected)
    {
        await using ServerProcess server = await home.Start();
        if (expected.Length > 0)
            Assert.Equal(expected, await Answers(server));
        using var writer = new RemoteWriter(home.Address);
        if (expected.Length == 0)
            Assert.Equal(HttpStatusCode.NoContent, await writer.Write(Samples(100, 150, 0)));
        for (int begin = 90; begin >= 0; begin -= 10)
            Assert.Equal(HttpStatusCode.NoContent, await writer.Write(Samples(begin, begin + 10, shiftMs)));
        string[] answers = await Answers(server);
        Assert.NotEqual(expected, answers);
        if (terminate)
            Assert.Equal(0, await server.Terminate());
        else
            await server.Kill();
        Assert.DoesNotContain("level=ERROR", server.Log, StringComparison.Ordinal);
        return answers;
    }

    private IEnumerable<WrittenSample> Samples(int begin, int end, int shiftMs) =>
        from i in Enumerable.Range(0, Series)
        from tick in Enumerable.Range(begin, end - begin)
        select new WrittenSample(_clock.Ms(tick) + shiftMs, (tick * i) + (0.001 * shiftMs), ("__name__", "late"), ("i", $"{i}"));

    private async Task<string[]> Answers(ServerProcess server)
    {
        var answers = new List<string>();
        foreach (string query in Queries)
        {
            foreach (int tick in (int[])[40, 99, 149])
            {
                IReadOnlyList<QueriedSample> samples = await server.Api.Query(query, _clock.At(tick));
                answers.Add($"{query} at {tick}: " + string.Join(' ', samples.OrderBy(sample => sample.Series, StringComparer.Ordinal).ThenBy(sample => sample.TimestampMs)));
            }
        }

        return [.. answers];
    }
}
