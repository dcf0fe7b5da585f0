using System.Net;
using EndToEnd.Tests;
using Forethought.Testing;

namespace Interop.Tests;

/// <summary>A data directory goes from one server to the other and back.</summary>
public sealed class DataDirectoryTests
{
    private static readonly string[] Queries =
    [
        "written", "count_over_time(written[1h])", "sum by (parity) (rate(written[10m]))", "quantile_over_time(0.9, written{i=~'1.'}[20m])",
        "written{i='ends'}", "count({__name__=~'.+'})", "last_over_time(written[3m])", "timestamp(written)", "written[5m]",
    ];

    private readonly LogicalClock _clock = new();

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task Is_read_by_the_other_and_handed_back(bool forethoughtFirst, bool terminate)
    {
        string reference = Reference.Prometheus;
        using var first = new ServerHome(binary: forethoughtFirst ? ServerBinary.UnderTest : reference);
        using var second = new ServerHome(binary: forethoughtFirst ? reference : ServerBinary.UnderTest) { DataDirectory = first.DataDirectory };

        // 150 samples a series fill a chunk, which leaves the memory when the next one begins.
        string[] written = await WriteAndEnd(first, 0, 150, terminate, []);
        string[] continued = await WriteAndEnd(second, 150, 160, terminate, written);
        await WriteAndEnd(first, 160, 170, terminate, continued);
    }

    private async Task<string[]> WriteAndEnd(ServerHome home, int begin, int end, bool terminate, string[] expected)
    {
        await using ServerProcess server = await home.Start();
        if (expected.Length > 0)
            Assert.Equal(expected, await Answers(server, begin));
        using var writer = new RemoteWriter(home.Address);
        Assert.Equal(HttpStatusCode.NoContent, await writer.Write(Samples(begin, end)));
        string[] answers = await Answers(server, end);
        if (terminate)
            Assert.Equal(0, await server.Terminate());
        else
            await server.Kill();
        Assert.DoesNotContain("level=ERROR", server.Log, StringComparison.Ordinal);
        return answers;
    }

    private IEnumerable<WrittenSample> Samples(int begin, int end)
    {
        IEnumerable<WrittenSample> lasting =
            from i in Enumerable.Range(0, 30)
            from tick in Enumerable.Range(begin, end - begin)
            select new WrittenSample(_clock.Ms(tick), (tick * i) + (0.1 * (tick % 7)), ("__name__", "written"), ("i", $"{i}"), ("parity", $"{i % 2}"));
        // One series ends with a stale marker in each batch and begins anew.
        IEnumerable<WrittenSample> ending =
            from tick in Enumerable.Range(begin, end - begin)
            select new WrittenSample(
                _clock.Ms(tick), tick == end - 3 ? BitConverter.UInt64BitsToDouble(0x7ff0000000000002) : tick, ("__name__", "written"), ("i", "ends"));
        return lasting.Concat(ending);
    }

    private async Task<string[]> Answers(ServerProcess server, int end)
    {
        var answers = new List<string>();
        foreach (string query in Queries)
        {
            foreach (int tick in (int[])[end / 2, end - 2, end])
            {
                IReadOnlyList<QueriedSample> samples = await server.Api.Query(query, _clock.At(tick));
                answers.Add($"{query} at {tick}: " + string.Join(' ', samples.OrderBy(sample => sample.Series, StringComparer.Ordinal).ThenBy(sample => sample.TimestampMs)));
            }
        }

        return [.. answers];
    }
}
