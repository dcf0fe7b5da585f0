using BenchmarkDotNet.Attributes;
using Forethought.Model;
using Forethought.Storage;
using Forethought.Tsdb.Blocks;
using Forethought.Tsdb.Compaction;
using Forethought.Tsdb.Memory;
using Forethought.Tsdb.Platform;
using MatchType = Forethought.Model.MatchType;

namespace Forethought.Benchmarks.Blocks;

/// <summary>
/// Reading 1,000 series of a block of six hours as an instant query does (five minutes) and as a range query does (all), from chunks as the
/// head made them and from joined ones; and selecting by a regular expression over 100,000 values, remembered or not.
/// </summary>
public class BlockQueryBenchmarks
{
    private const int SeriesCount = 1000;
    private const int ValueCount = 100_000;
    private const long BlockMs = 6 * 3_600_000;
    private const long LookbackMs = 300_000;

    private readonly string _directory = Directory.CreateTempSubdirectory("forethought-blocks-").FullName;
    private readonly SampleBatch _batch = new();
    private readonly PostingsCache _cache = new();
    private readonly Matcher[] _all = [new(MatchType.Equal, "__name__", "http_requests_total")];
    private readonly Matcher[] _some = [new(MatchType.Equal, "job", "load"), new(MatchType.RegexMatch, "id", ".*7[0-9]+7.*")];
    private Block _plain = null!;
    private Block _joined = null!;
    private Block _wide = null!;

    /// <summary>Where in the block the instant is: late in a chunk more has to be decoded before it.</summary>
    [Params(0.02, 0.5, 0.98)]
    public double Place { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var data = new FileSystemDirectory(_directory);
        _plain = Write(data, new GeneratedSeries(SeriesCount, 0, 12), seed: 1);
        BlockChunkSource source = BlockChunkSource.TryOpen(_plain, 0, BlockMs)!;
        var merge = new ChunkMerge(new NativeAllocator(), new ChunkMergeOptions(JoinsSmallChunks: true));
        _joined = Write(data, new MergedChunkSource([source], merge), seed: 2);
        _wide = Write(data, new GeneratedSeries(ValueCount, 0, 1), seed: 3);
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _plain.Close();
        _joined.Close();
        _wide.Close();
        Directory.Delete(_directory, recursive: true);
    }

    [Benchmark(Baseline = true)]
    public Task<long> InstantOverChunksOf120() => ReadAsync(_plain, InstantMs - LookbackMs + 1, InstantMs);

    [Benchmark]
    public Task<long> InstantOverJoinedChunks() => ReadAsync(_joined, InstantMs - LookbackMs + 1, InstantMs);

    [Benchmark]
    public Task<long> RangeOverChunksOf120() => ReadAsync(_plain, 0, BlockMs);

    [Benchmark]
    public Task<long> RangeOverJoinedChunks() => ReadAsync(_joined, 0, BlockMs);

    [Benchmark]
    public Task<int> RegexOverValues() => SelectAsync(null);

    [Benchmark]
    public Task<int> RegexOverValuesRemembered() => SelectAsync(_cache);

    private long InstantMs => (long)(Place * BlockMs);

    private static Block Write(FileSystemDirectory data, IChunkSeriesSource source, int seed)
    {
        using (source)
        {
            Ulid ulid = Ulid.Create(DateTimeOffset.UnixEpoch, new Random(seed));
            new BlockWriter(data).Write(source, new BlockMeta { Ulid = ulid, MaxTimeMs = BlockMs });
            return Block.Open(data.GetDirectory(ulid.ToString()));
        }
    }

    private async Task<long> ReadAsync(Block block, long minTimeMs, long maxTimeMs)
    {
        using BlockQuerier querier = BlockQuerier.TryOpen(block, minTimeMs, maxTimeMs)!;
        using ISeriesSet set = await querier.SelectAsync(Hints(minTimeMs, maxTimeMs), _all, CancellationToken.None).ConfigureAwait(false);
        long samples = 0;
        while (set.MoveNext())
        {
            _batch.Clear();
            while (set.Read(_batch))
            {
                samples += _batch.Count;
                _batch.Clear();
            }
        }

        return samples;
    }

    // Without reading series: what is found is the same.
    private async Task<int> SelectAsync(PostingsCache? cache)
    {
        using BlockQuerier querier = BlockQuerier.TryOpen(_wide, 0, BlockMs, cache)!;
        using ISeriesSet set = await querier.SelectAsync(Hints(0, BlockMs), _some, CancellationToken.None).ConfigureAwait(false);
        return set.MoveNext() ? 1 : 0;
    }

    private static SelectHints Hints(long minTimeMs, long maxTimeMs) => new() { StartMs = minTimeMs, EndMs = maxTimeMs };
}
