using System.Diagnostics;
using Forethought.Model;
using Forethought.Storage;
using Forethought.Testing;
using Forethought.Tsdb.Blocks;
using Forethought.Tsdb.Compaction;
using Forethought.Tsdb.Memory;
using Forethought.Tsdb.Platform;
using Xunit;

namespace Forethought.Tsdb.Tests.Blocks;

/// <summary>The reference's programs read the blocks written here, and blocks they write are read here.</summary>
public sealed class ReferenceBlockTests : IDisposable
{
    private const string Name = "01HE6P9RG0VR3SHZ0Y1P0Z6A8X";
    private const long StartMs = 1_699_200_000_000;

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Promtool_lists_analyzes_and_dumps_our_blocks()
    {
        string promtool = Peers.Require("promtool");
        CreateDirectories(_directory.Path);
        List<string> written = WriteBlock();
        string list = await Run(promtool, "tsdb", "list", _directory.Path);
        Assert.Matches($"{Name}\\s+{StartMs}\\s+{StartMs + 7_200_000}\\s+2h0m0s\\s+24000\\s+800\\s+200\\s", list);
        string analysis = await Run(promtool, "tsdb", "analyze", _directory.Path, Name);
        Assert.Contains("Total Series: 200\n", analysis, StringComparison.Ordinal);
        Assert.Contains("Label names: 3\n", analysis, StringComparison.Ordinal);
        Assert.Contains("Postings (unique label pairs): 206\n", analysis, StringComparison.Ordinal);
        Assert.Contains("200 instance\n", analysis, StringComparison.Ordinal);
        string dump = await Run(promtool, "tsdb", "dump", _directory.Path);
        Assert.Equal(written, dump.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        string some = await Run(promtool, "tsdb", "dump", "--match={job=~\"job-[12]\",instance!~\".*1\"}", _directory.Path);
        Assert.Equal(
            written.Where(line => Has(line, "job=\"job-1") || Has(line, "job=\"job-2")).Where(line => !Has(line, "1\", job")),
            some.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task Promtool_dumps_a_block_copied_here_as_it_dumps_the_original()
    {
        string promtool = Peers.Require("promtool");
        var golden = new FileSystemDirectory(Conformance.Path("golden/index/xor/01M7WFPX44NQG5SY67SS3R2PA8"));
        Block block = Block.Open(golden);
        string copied = _directory.File("copy");
        string original = _directory.File("original");
        CreateDirectories(copied, original);
        using (BlockChunkSource source = BlockChunkSource.TryOpen(block, long.MinValue, long.MaxValue)!)
            new BlockWriter(new FileSystemDirectory(copied)).Write(source, block.Meta with { Stats = new BlockStats() });

        // The copy has the samples that the original only notes as deleted.
        string target = Path.Combine(original, Path.GetFileName(golden.FullName));
        Directory.CreateDirectory(Path.Combine(target, "chunks"));
        foreach (string file in (string[])["index", "meta.json", "chunks/000001"])
            File.Copy(Path.Combine(golden.FullName, file), Path.Combine(target, file));
        string expected = await Run(promtool, "tsdb", "dump", original);
        Assert.True(expected.Split('\n').Length > 1000);
        Assert.Equal(expected, await Run(promtool, "tsdb", "dump", copied));
        block.Close();
    }

    [Fact]
    public async Task Promtool_dumps_joined_chunks_as_it_dumps_what_they_were_made_of()
    {
        string promtool = Peers.Require("promtool");
        string joined = _directory.File("joined");
        CreateDirectories(_directory.Path, joined);
        WriteBlock();
        BlockMeta written = Join(joined);
        Assert.Equal(200UL, written.Stats.Chunks);
        Assert.Equal(await Run(promtool, "tsdb", "dump", _directory.Path), await Run(promtool, "tsdb", "dump", joined));
    }

    [Fact]
    public async Task The_reference_answers_queries_from_joined_chunks()
    {
        string joined = _directory.File("joined");
        CreateDirectories(joined);
        WriteBlock();
        Join(joined);
        await AssertAnswers(joined);
    }

    [Fact]
    public async Task The_reference_answers_queries_from_our_blocks()
    {
        WriteBlock();
        await AssertAnswers(_directory.Path);
    }

    private async Task AssertAnswers(string data)
    {
        string prometheus = Peers.Require("prometheus");
        using var home = new ServerHome(binary: prometheus) { DataDirectory = data };
        await using ServerProcess server = await home.Start("--storage.tsdb.retention.time=100y");
        DateTimeOffset at = DateTimeOffset.FromUnixTimeMilliseconds(StartMs + 3_600_000);
        Assert.Equal(200, (await server.Api.Query("written", at)).Count);
        QueriedSample sum = Assert.Single(await server.Api.Query("sum(count_over_time({__name__=\"written\", job!~\"job-[34]\"}[1h]))", at));
        Assert.Equal(120 * 60, sum.Value);
        QueriedSample one = Assert.Single(await server.Api.Query("written{instance=\"i-017\"}", at));
        Assert.Equal(17 * 60, one.Value);
        Assert.DoesNotContain("level=ERROR", server.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Blocks_that_promtool_makes_are_read_here()
    {
        string promtool = Peers.Require("promtool");
        string input = _directory.File("input.om");
        var expected = new SortedDictionary<string, string>(StringComparer.Ordinal);
        await using (var text = new StreamWriter(input))
        {
            await text.WriteLineAsync("# TYPE made gauge");
            foreach (int i in Enumerable.Range(0, 70))
            {
                foreach (int t in Enumerable.Range(0, 300))
                    await text.WriteLineAsync($"made{{i=\"{i:D2}\",text=\"a\\n\\\"{i % 5}\"}} {i * 0.5 + t} {1_700_000_000 + t * 30}");
                expected.Add($"{{__name__=\"made\", i=\"{i:D2}\", text=\"a\\n\\\"{i % 5}\"}}", $"{(300 * 0.5 * i) + 44850}");
            }

            await text.WriteLineAsync("# EOF");
        }

        string output = _directory.File("made");
        await Run(promtool, "tsdb", "create-blocks-from", "openmetrics", input, output);
        string[] directories = Directory.GetDirectories(output);
        Assert.True(directories.Length > 1);
        var sums = new SortedDictionary<string, double>(StringComparer.Ordinal);
        foreach (string directory in directories.Where(directory => Ulid.TryParse(Path.GetFileName(directory), out _)))
            await AddSums(directory, sums);
        Assert.Equal(expected.Select(sum => $"{sum.Key} {sum.Value}"), sums.Select(sum => $"{sum.Key} {sum.Value}"));
    }

    private static bool Has(string line, string text) => line.Contains(text, StringComparison.Ordinal);

    // Without a log directory, promtool does not open a data directory.
    private static void CreateDirectories(params string[] data)
    {
        foreach (string directory in data)
            Directory.CreateDirectory(Path.Combine(directory, "wal"));
    }

    private static async Task AddSums(string directory, SortedDictionary<string, double> sums)
    {
        Block block = Block.Open(new FileSystemDirectory(directory));
        using (BlockQuerier querier = BlockQuerier.TryOpen(block, block.Meta.MinTimeMs, block.Meta.MaxTimeMs)!)
        {
            using ISeriesSet set = await querier.SelectAsync(new SelectHints { StartMs = 0, EndMs = long.MaxValue }, [], default);
            var batch = new SampleBatch();
            ulong samples = 0;
            while (set.MoveNext())
            {
                batch.Clear();
                while (set.Read(batch))
                {
                }

                string labels = Labels.FromPacked(set.PackedLabels).ToString();
                sums[labels] = sums.GetValueOrDefault(labels) + batch.Values[..batch.Count].Sum();
                samples += (ulong)batch.Count;
            }

            Assert.Equal(block.Meta.Stats.Samples, samples);
        }

        block.Close();
    }

    // 200 series of 120 samples, one a minute; returns what promtool should print.
    private List<string> WriteBlock()
    {
        var source = new ChunkList();
        var lines = new List<string>();
        foreach (int i in Enumerable.Range(0, 200))
        {
            Labels labels = Labels.FromStrings("__name__", "written", "instance", $"i-{i:D3}", "job", $"job-{i % 5}");
            (long TimeMs, double Value)[] samples = [.. Enumerable.Range(0, 120).Select(t => (StartMs + t * 60_000L, (double)(t * i)))];
            source.Add(labels, [.. samples.Chunk(30).Select(chunk => ListedChunk.Of(chunk))]);
            lines.AddRange(samples.Select(sample => $"{labels} {sample.Value} {sample.TimeMs}"));
        }

        var meta = new BlockMeta
        {
            Ulid = Ulid.Parse(Name),
            MinTimeMs = StartMs,
            MaxTimeMs = StartMs + 7_200_000,
            Compaction = new BlockCompaction { Level = 1, Sources = [Ulid.Parse(Name)] },
        };
        new BlockWriter(new FileSystemDirectory(_directory.Path)).Write(source, meta);
        return lines;
    }

    // Merges the block alone, which joins its chunks.
    private BlockMeta Join(string into)
    {
        Block block = Block.Open(new FileSystemDirectory(Path.Combine(_directory.Path, Name)));
        Assert.Equal(800UL, block.Meta.Stats.Chunks);
        BlockChunkSource chunks = BlockChunkSource.TryOpen(block, long.MinValue, long.MaxValue)!;
        using var merged = new MergedChunkSource([chunks], new ChunkMerge(new NativeAllocator(), new ChunkMergeOptions(JoinsSmallChunks: true)));
        BlockMeta written = new BlockWriter(new FileSystemDirectory(into)).Write(merged, block.Meta with { Stats = new BlockStats() });
        block.Close();
        return written;
    }

    private static async Task<string> Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, output + await errors);
        return output;
    }
}
