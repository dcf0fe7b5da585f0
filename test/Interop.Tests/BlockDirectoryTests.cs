using Forethought.Testing;

namespace Interop.Tests;

/// <summary>Directories with blocks, chunk files and a log go from one server to the other and back.</summary>
public sealed class BlockDirectoryTests
{
    private static readonly string[] Queries =
    [
        "written", "written{kind!='2'}[7h]", "count_over_time(written[1h])", "sum by (kind) (rate(written{kind=~'[013]'}[20m]))",
        "quantile_over_time(0.9, written{i=~'1.'}[95m])", "count({'ünï'=~'.+'})", "timestamp(written)", "written offset 2h", "present_over_time(written{kind='4'}[3m])",
    ];

    private static readonly string[] Expected = ["Received an OS signal", "A lockfile from a previous execution", "context canceled"];

    private readonly WrittenHistory _history = new();

    [Theory]
    [InlineData(true, true, "snappy")]
    [InlineData(true, false, "zstd")]
    [InlineData(false, true, "zstd")]
    [InlineData(false, false, "snappy")]
    public async Task Compacted_by_one_they_are_read_and_continued_by_the_other(bool forethoughtFirst, bool terminate, string compression)
    {
        string[] flags = [.. WrittenHistory.Flags, "--storage.tsdb.wal-compression-type=" + compression];
        using var first = new ServerHome(binary: forethoughtFirst ? ServerBinary.UnderTest : Reference.Prometheus);
        using var second = new ServerHome(binary: forethoughtFirst ? Reference.Prometheus : ServerBinary.UnderTest) { DataDirectory = first.DataDirectory };
        string[] written = await WriteAndEnd(first, forethoughtFirst, 0, WrittenHistory.FullChunksAt, [], terminate, flags);
        Assert.Contains(Blocks(first.DataDirectory), block => block.Level > 1);
        // Upstream writes full chunks into files once a minute and when it ends.
        if (terminate && !forethoughtFirst)
            AssertHasChunkFiles(first);
        string[] continued = await WriteAndEnd(second, !forethoughtFirst, WrittenHistory.FullChunksAt, WrittenHistory.Ticks, written, terminate, flags);

        await using ServerProcess last = await first.Start(flags);
        AssertSame(continued, await Answers(last, WrittenHistory.Ticks));
        AssertCalm(last);
    }

    [Fact]
    public async Task Of_the_same_samples_both_make_the_same_blocks()
    {
        using var theirs = new ServerHome(binary: Reference.Prometheus);
        using var ours = new ServerHome();
        foreach (ServerHome home in (ServerHome[])[theirs, ours])
        {
            await using ServerProcess server = await home.Start(WrittenHistory.Flags);
            await _history.Write(home, 0, WrittenHistory.Ticks);
            await Eventually.Passes(() =>
            {
                Assert.Equal(WrittenHistory.FinalBlocks, Blocks(home.DataDirectory).Select(block => (_history.MinutesAt(block.MinTime), _history.MinutesAt(block.MaxTime))));
                return Task.CompletedTask;
            });
            Assert.Equal(0, await server.Terminate());
            AssertCalm(server);
        }

        Assert.Equal(Blocks(theirs.DataDirectory).Select(Comparable), Blocks(ours.DataDirectory).Select(Comparable));
        Assert.Equal(await List(theirs), await List(ours));
        Assert.Equal(await Dump(theirs), await Dump(ours));
        foreach ((WrittenBlock their, WrittenBlock our) in Blocks(theirs.DataDirectory).Zip(Blocks(ours.DataDirectory)))
            Assert.Equal(await Analysis(theirs, their), await Analysis(ours, our));
    }

    [Fact]
    public async Task Blocks_made_of_openmetrics_are_picked_up()
    {
        using var theirs = new ServerHome(binary: Reference.Prometheus);
        using var ours = new ServerHome();
        foreach (ServerHome home in (ServerHome[])[theirs, ours])
            await Promtool.Succeed("tsdb", "create-blocks-from", "openmetrics", Write("history.txt", _history.OpenMetrics()), home.DataDirectory);
        Assert.True(Blocks(ours.DataDirectory).Count >= 2);
        await using ServerProcess their = await theirs.Start();
        await using ServerProcess our = await ours.Start();
        AssertSame(await Answers(their, WrittenHistory.Ticks), await Answers(our, WrittenHistory.Ticks));
        AssertCalm(our);

        string Write(string name, string text)
        {
            string path = Path.Combine(Path.GetDirectoryName(ours.ConfigurationFile)!, name);
            File.WriteAllText(path, text);
            return path;
        }
    }

    // Merging joins the chunks of a series here, and a block's name is its own.
    private static WrittenBlock Comparable(WrittenBlock block) => block with { Name = "", Chunks = block.Level == 1 ? block.Chunks : 0 };

    private static async Task<string[]> List(ServerHome home) =>
        [.. (await Promtool.Succeed("tsdb", "list", home.DataDirectory)).Split('\n').Skip(1).Select(Counts).Order(StringComparer.Ordinal)];

    // Name, first and last time, duration, samples, chunks, series, size.
    private static string Counts(string line) =>
        string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Where((_, column) => column is not (0 or 5 or 7)));

    // Entries of equal count come in any order.
    private static async Task<string[]> Analysis(ServerHome home, WrittenBlock block) =>
        [.. (await Promtool.Succeed("tsdb", "analyze", "--limit=1000", home.DataDirectory, block.Name)).Split('\n').Where(line => !line.Contains(block.Name, StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    private static async Task<string[]> Dump(ServerHome home)
    {
        string[] lines = [.. (await Promtool.Succeed("tsdb", "dump", home.DataDirectory)).Split('\n').Order(StringComparer.Ordinal)];
        Assert.True(lines.Length > 10_000);
        return lines;
    }

    private static List<WrittenBlock> Blocks(string directory)
    {
        var blocks = new List<WrittenBlock>();
        foreach (string meta in Directory.EnumerateFiles(directory, "meta.json", SearchOption.AllDirectories).Where(file => !file.Contains(".tmp", StringComparison.Ordinal)))
            blocks.Add(WrittenBlock.Read(meta));
        return [.. blocks.OrderBy(block => block.MinTime)];
    }

    private static void AssertSame(string[] expected, string[] actual)
    {
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Contains("\"success\"", expected[i], StringComparison.Ordinal);
            string? difference = Answer.Difference(expected[i], actual[i], ordered: false);
            Assert.True(difference is null, $"{Queries[i % Queries.Length]}\n{difference}");
        }
    }

    private static void AssertHasChunkFiles(ServerHome home) =>
        Assert.Contains(new DirectoryInfo(Path.Combine(home.DataDirectory, "chunks_head")).GetFiles(), file => file.Length > 8);

    // It may warn of ends and kills, and of a compaction that was ended with the server.
    private static void AssertCalm(ServerProcess server) => Assert.DoesNotContain(
        server.Log.Split('\n').Where(line => !Expected.Any(text => line.Contains(text, StringComparison.Ordinal))),
        line => line.Contains("level=WARN", StringComparison.Ordinal) || line.Contains("level=ERROR", StringComparison.Ordinal));

    private async Task<string[]> WriteAndEnd(
        ServerHome home, bool isForethought, int begin, int end, string[] expected, bool terminate, string[] flags)
    {
        await using ServerProcess server = await home.Start(isForethought ? [.. flags, "--storage.tsdb.block-reload-interval=1s"] : flags);
        AssertSame(expected, expected.Length > 0 ? await Answers(server, begin) : []);
        await _history.Write(home, begin, end);
        int whole = end / 4 - 20;
        await Eventually.Passes(() =>
        {
            Assert.Contains(Blocks(home.DataDirectory), block => _history.MinutesAt(block.MaxTime) >= whole);
            Assert.Contains(Blocks(home.DataDirectory), block => block.Level > 1);
            if (isForethought && end == WrittenHistory.FullChunksAt)
                AssertHasChunkFiles(home);
            return Task.CompletedTask;
        });
        string[] answers = await Answers(server, end);
        Assert.Contains("\"values\"", answers[1], StringComparison.Ordinal);
        if (terminate)
            Assert.Equal(0, await server.Terminate());
        else
            await server.Kill();
        AssertCalm(server);
        return answers;
    }

    private async Task<string[]> Answers(ServerProcess server, int end)
    {
        var answers = new List<string>();
        foreach (int tick in (int[])[end / 3, end - 2, end])
        {
            string time = _history.At(tick).ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture);
            foreach (string query in Queries)
                answers.Add((await server.Api.Post("api/v1/query", ("query", query), ("time", time))).Body);
        }

        return [.. answers];
    }
}
