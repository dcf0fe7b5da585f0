using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;
using EndToEnd.Tests;
using Forethought.Testing;

namespace Interop.Tests;

/// <summary>What one server deleted and copied, the other and its tool find as they left it.</summary>
public sealed class DeletionTests
{
    private const string EnablesAdministration = "--web.enable-admin-api";

    private readonly LogicalClock _clock = new();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task From_log_and_blocks_and_snapshots_are_understood_by_the_other(bool forethoughtDeletes)
    {
        string reference = Reference.Prometheus, promtool = Reference.Promtool;
        using var first = new ServerHome(binary: forethoughtDeletes ? ServerBinary.UnderTest : reference);
        using var second = new ServerHome(binary: forethoughtDeletes ? reference : ServerBinary.UnderTest) { DataDirectory = first.DataDirectory };

        // Deletions from the head are in the log.
        string snapshot;
        string[] expected = [.. Series(0, 0, 49), .. Series(0, 61, 149), .. Series(1, 0, 99), .. Series(2, 0, 149)];
        await using (ServerProcess server = await first.Start(EnablesAdministration))
        {
            using var writer = new RemoteWriter(first.Address);
            Assert.Equal(HttpStatusCode.NoContent, await writer.Write(Samples()));
            await Delete(server, "written{i='0'}", 50, 60);
            await Delete(server, "{i=~'1|3'}", 100, 1000);
            await Delete(server, "{i='3'}", -1000, 1000);
            Assert.Equal(expected, await Read(server));
            snapshot = await Snapshot(server);
            await server.Kill();
        }

        await using (ServerProcess server = await second.Start())
            Assert.Equal(expected, await Read(server));

        // The snapshot has the head as a block; deletions from that are beside it.
        first.DataDirectory = second.DataDirectory = Path.Combine(first.DataDirectory, "snapshots", snapshot);
        expected = [.. Series(0, 0, 49), .. Series(0, 61, 119), .. Series(1, 0, 99), .. Series(2, 0, 119)];
        await using (ServerProcess server = await first.Start(EnablesAdministration))
        {
            await Delete(server, "written{i!='1'}", 120, 1000);
            Assert.Equal(expected, await Read(server));
            await server.Kill();
        }

        Assert.Equal(expected, await Dump(promtool, first.DataDirectory));
        await using (ServerProcess server = await second.Start())
        {
            Assert.Equal(expected, await Read(server));
            await server.Kill();
        }

        await using (ServerProcess server = await first.Start(EnablesAdministration))
        {
            (HttpStatusCode status, string body) = await server.Api.Post("api/v1/admin/tsdb/clean_tombstones");
            Assert.Equal((HttpStatusCode.NoContent, ""), (status, body));
            await server.Kill();
        }

        Assert.Equal(expected, await Dump(promtool, first.DataDirectory));
        await using (ServerProcess server = await second.Start())
        {
            Assert.Equal(expected, await Read(server));
            Assert.DoesNotContain("level=ERROR", server.Log, StringComparison.Ordinal);
        }
    }

    private static async Task<string> Snapshot(ServerProcess server)
    {
        (HttpStatusCode status, string body) = await server.Api.Post("api/v1/admin/tsdb/snapshot");
        Assert.True(status == HttpStatusCode.OK, body);
        return JsonSerializer.Deserialize<JsonElement>(body).GetProperty("data").GetProperty("name").GetString()!;
    }

    // Lines like {__name__="written", i="0"} 7 1700000000000.
    private static async Task<string[]> Dump(string promtool, string directory)
    {
        using Process process = Process.Start(new ProcessStartInfo(promtool, ["tsdb", "dump", directory]) { RedirectStandardOutput = true })!;
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
        return [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line.Contains("written", StringComparison.Ordinal)).Select(Line)];

        static string Line(string line)
        {
            string[] words = line.Split(' ');
            return $"{words[^3].Split('"')[1]} {words[^1]} {words[^2]}";
        }
    }

    private async Task Delete(ServerProcess server, string selector, int begin, int end)
    {
        (HttpStatusCode status, string body) = await server.Api.Post(
            "api/v1/admin/tsdb/delete_series", ("match[]", selector), ("start", Seconds(begin)), ("end", Seconds(end)));
        Assert.Equal((HttpStatusCode.NoContent, ""), (status, body));
    }

    private string Seconds(int tick) => (_clock.Ms(tick) / 1000).ToString(CultureInfo.InvariantCulture);

    private async Task<string[]> Read(ServerProcess server)
    {
        IReadOnlyList<QueriedSample> samples = await server.Api.Query("written[2h]", _clock.End);
        return [.. samples.Select(sample => $"{sample.Series.Split('"')[^2]} {sample.TimestampMs} {sample.Value}").Order(StringComparer.Ordinal)];
    }

    private IEnumerable<string> Series(int series, int begin, int end) =>
        Enumerable.Range(begin, end - begin + 1).Select(tick => $"{series} {_clock.Ms(tick)} {tick}");

    private IEnumerable<WrittenSample> Samples() =>
        from series in Enumerable.Range(0, 4)
        from tick in Enumerable.Range(0, 150)
        select new WrittenSample(_clock.Ms(tick), tick, ("__name__", "written"), ("i", $"{series}"));
}
