using Forethought.Testing;
using Forethought.Tsdb.Blocks;
using Forethought.Tsdb.Platform;
using Forethought.Tsdb.Tests.Platform;
using Xunit;

namespace Forethought.Tsdb.Tests.Blocks;

public sealed class BlockMetaFileTests
{
    private const string First = "01M7WFPX44NQG5SY67SS3R2PA8";
    private const string Second = "01M7WFPX61A9Z3NSK58D9EXN8J";

    // What Go's json.MarshalIndent makes of a BlockMeta of which every field is set.
    private const string Full =
        """
        {
        	"ulid": "01M7WFPX44NQG5SY67SS3R2PA8",
        	"minTime": -5,
        	"maxTime": 1700006400000,
        	"stats": {
        		"numSamples": 1160,
        		"numFloatSamples": 872,
        		"numHistogramSamples": 288,
        		"numSeries": 50,
        		"numChunks": 53,
        		"numTombstones": 3
        	},
        	"compaction": {
        		"level": 2,
        		"sources": [
        			"01M7WFPX44NQG5SY67SS3R2PA8",
        			"01M7WFPX61A9Z3NSK58D9EXN8J"
        		],
        		"deletable": true,
        		"parents": [
        			{
        				"ulid": "01M7WFPX61A9Z3NSK58D9EXN8J",
        				"minTime": 0,
        				"maxTime": 10
        			}
        		],
        		"failed": true,
        		"hints": [
        			"from-out-of-order"
        		]
        	},
        	"version": 1
        }
        """;

    private static BlockMeta FullMeta => new()
    {
        Ulid = Ulid.Parse(First),
        MinTimeMs = -5,
        MaxTimeMs = 1_700_006_400_000,
        Stats = new BlockStats { Samples = 1160, FloatSamples = 872, HistogramSamples = 288, Series = 50, Chunks = 53, Tombstones = 3 },
        Compaction = new BlockCompaction
        {
            Level = 2,
            Sources = [Ulid.Parse(First), Ulid.Parse(Second)],
            IsDeletable = true,
            Parents = [new BlockDescription(Ulid.Parse(Second), 0, 10)],
            HasFailed = true,
            Hints = [BlockHints.FromOutOfOrder],
        },
    };

    [Fact]
    public void Writes_and_reads_all_there_is()
    {
        Assert.Equal(Full, System.Text.Encoding.UTF8.GetString(BlockMetaFile.Format(FullMeta)));
        BlockMeta read = BlockMetaFile.Parse(System.Text.Encoding.UTF8.GetBytes(Full), "");
        Assert.Equal(FullMeta.Compaction.Sources, read.Compaction.Sources);
        Assert.Equal(FullMeta.Compaction.Parents, read.Compaction.Parents);
        Assert.Equal(FullMeta.Stats, read.Stats);
        Assert.Equal(Full, System.Text.Encoding.UTF8.GetString(BlockMetaFile.Format(read)));
    }

    [Fact]
    public void Leaves_out_what_is_zero_or_empty()
    {
        string text = System.Text.Encoding.UTF8.GetString(BlockMetaFile.Format(new BlockMeta { Ulid = Ulid.Parse(First) }));
        Assert.Equal(
            $"{{\n\t\"ulid\": \"{First}\",\n\t\"minTime\": 0,\n\t\"maxTime\": 0,\n\t\"stats\": {{}},\n\t\"compaction\": {{\n\t\t\"level\": 0\n\t}},\n\t\"version\": 1\n}}",
            text);
    }

    [Theory]
    [InlineData("golden/index/xor/" + First)]
    [InlineData("golden/index/xor2_st/" + Second)]
    public void Writes_the_bytes_that_upstream_wrote(string block)
    {
        var directory = new FileSystemDirectory(Conformance.Path(block));
        BlockMeta meta = BlockMetaFile.Read(directory, out long size);
        byte[] upstream = File.ReadAllBytes(Conformance.Path(block + "/meta.json"));
        Assert.Equal(upstream.Length, size);
        Assert.Equal(System.Text.Encoding.UTF8.GetString(upstream), System.Text.Encoding.UTF8.GetString(BlockMetaFile.Format(meta)));
        Assert.Equal(Path.GetFileName(block), meta.Ulid.ToString());
    }

    [Fact]
    public void Reads_what_older_releases_and_others_wrote()
    {
        const string Json = $$$"""{"version":1,"ulid":"{{{First}}}","minTime":0,"maxTime":7200000,"thanos":{"labels":{"a":"b"}},"compaction":{"level":1,"sources":null}}""";
        BlockMeta meta = BlockMetaFile.Parse(System.Text.Encoding.UTF8.GetBytes(Json), "");
        Assert.Equal(7_200_000, meta.MaxTimeMs);
        Assert.Equal(new BlockStats(), meta.Stats);
        Assert.Empty(meta.Compaction.Sources);
    }

    [Fact]
    public void Refuses_another_version_in_upstream_s_words()
    {
        string path = Conformance.Path("tsdb/repair_index_version/01BZJ9WJQPWHGNC2W4J9TA62KC");
        TsdbCorruptionException found =
            Assert.Throws<TsdbCorruptionException>(() => BlockMetaFile.Read(new FileSystemDirectory(path), out _));
        Assert.Equal("unexpected meta file version 2", found.Message);
        Assert.Equal(Path.Combine(path, "meta.json"), found.File);
    }

    [Theory]
    [InlineData("{}", "unexpected meta file version 0")]
    [InlineData("""{"version":1}""", "block metadata:")]
    [InlineData("""{"version":"1"}""", "block metadata:")]
    [InlineData("[]", "block metadata:")]
    [InlineData("", "block metadata is not valid JSON")]
    [InlineData("""{"version":1,"ulid":"nonsense"}""", "block metadata: ulid")]
    [InlineData("""{"version":1,"ulid":"01M7WFPX44NQG5SY67SS3R2PA8","minTime":1e99}""", "block metadata:")]
    [InlineData("""{"version":1,"ulid":"01M7WFPX44NQG5SY67SS3R2PA8","stats":{"numSamples":-1}}""", "block metadata:")]
    [InlineData("""{"version":1,"ulid":"01M7WFPX44NQG5SY67SS3R2PA8","stats":7}""", "block metadata:")]
    [InlineData("""{"version":1,"ulid":"01M7WFPX44NQG5SY67SS3R2PA8","compaction":{"sources":[3]}}""", "block metadata:")]
    [InlineData("""{"version":1,"ulid":"01M7WFPX44NQG5SY67SS3R2PA8","compaction":{"failed":"no"}}""", "block metadata:")]
    public void Anything_else_is_damage(string json, string message)
    {
        TsdbCorruptionException found =
            Assert.Throws<TsdbCorruptionException>(() => BlockMetaFile.Parse(System.Text.Encoding.UTF8.GetBytes(json), "meta.json"));
        Assert.StartsWith(message, found.Message, StringComparison.Ordinal);
        Assert.Equal("meta.json", found.File);
    }

    [Fact]
    public void Cut_anywhere_it_is_damage()
    {
        byte[] json = System.Text.Encoding.UTF8.GetBytes(Full);
        for (int length = 0; length < json.Length; length++)
            Assert.Throws<TsdbCorruptionException>(() => BlockMetaFile.Parse(json.AsMemory(0, length), ""));
    }

    [Fact]
    public void A_power_loss_at_any_operation_leaves_the_old_file_or_the_new_one()
    {
        for (int n = 0; ; n++)
        {
            int at = n;
            var disk = new MemoryDisk();
            BlockMetaFile.Write(disk.Root, FullMeta);
            disk.Fault = (number, _) => number == at ? new DiskFault(3, Crashes: true) : null;
            Exception? failure = Record.Exception(() => BlockMetaFile.Write(disk.Root, FullMeta with { MaxTimeMs = 1 }));
            disk.Restart(losesUnsynced: true);
            long found = BlockMetaFile.Read(disk.Root, out _).MaxTimeMs;
            if (failure is null)
            {
                Assert.Equal(1, found);
                return;
            }

            Assert.Contains(found, (long[])[1, FullMeta.MaxTimeMs]);
        }
    }

    [Theory]
    [InlineData(BlockHints.FromOutOfOrder, false)]
    [InlineData(BlockHints.FromStaleSeries, false)]
    [InlineData(BlockHints.FromSelectedSeries, false)]
    [InlineData("something-new", true)]
    public void Hints_tell_whether_a_block_is_from_the_whole_head(string hint, bool isFromWholeHead) =>
        Assert.Equal(isFromWholeHead, new BlockCompaction { Hints = [hint] }.IsFromWholeHead);

    [Fact]
    public void A_block_s_times_are_half_open()
    {
        BlockMeta meta = FullMeta with { MinTimeMs = 10, MaxTimeMs = 20 };
        Assert.True(meta.Overlaps(19, 30));
        Assert.False(meta.Overlaps(20, 30));
        Assert.True(meta.Overlaps(0, 10));
        Assert.False(meta.Overlaps(0, 9));
    }
}
