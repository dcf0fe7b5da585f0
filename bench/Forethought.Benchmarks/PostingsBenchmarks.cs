using BenchmarkDotNet.Attributes;
using Forethought.Tsdb.Index;
using Forethought.Tsdb.Memory;

namespace Forethought.Benchmarks;

/// <summary>
/// Three postings lists of an index of a million series: those of a load generator (200,000 × 63,000 × 40,000 series, by 1,000 targets),
/// a metric of one target, and series that lie at random.
/// </summary>
public class PostingsBenchmarks : IDisposable
{
    private const int SeriesCount = 1_000_000;

    private readonly List<ulong> _references = [];
    private readonly Dictionary<string, List<PostingsList>> _cases = [];
    private NativeAllocator _allocator = null!;
    private EpochManager _epochs = null!;
    private SmallHeap _heap = null!;
    private PostingsWriter _writer = null!;

    [Params("load", "target", "random")]
    public string Lists { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        _allocator = new NativeAllocator();
        _epochs = new EpochManager(_allocator);
        _heap = new SmallHeap(_allocator, MemoryPurpose.Postings);
        _writer = new PostingsWriter(_heap, _epochs);
        var random = new Random(1);
        _cases["load"] = [Build(i => i % 5 == 0), Build(i => i % 1_000 / 5 % 16 == 3), Build(i => i % 25 == 5)];
        _cases["target"] = [Build(i => i % 5 == 0), Build(i => i / 1_002 == 700), Build(_ => true)];
        _cases["random"] = [Build(_ => random.Next(2) == 0), Build(_ => random.Next(5) == 0), Build(_ => random.Next(10) == 0)];
    }

    [GlobalCleanup]
    public void Dispose()
    {
        foreach (PostingsList list in _cases.Values.SelectMany(lists => lists))
            _writer.Free(list);
        _epochs.Dispose();
        _heap.Dispose();
        GC.SuppressFinalize(this);
    }

    [Benchmark]
    public int Intersect()
    {
        _references.Clear();
        new PostingsIntersection(_cases[Lists]).CopyTo(_references);
        return _references.Count;
    }

    private PostingsList Build(Predicate<int> isIn)
    {
        PostingsList list = default;
        for (int i = 0; i < SeriesCount; i++)
        {
            if (isIn(i))
                _writer.Append(ref list, (ulong)i + 1);
        }

        return list;
    }
}
