using Forethought.Testing;
using Forethought.Tsdb.Chunks;
using Forethought.Tsdb.Compaction;
using Forethought.Tsdb.Memory;
using Forethought.Tsdb.Tombstones;
using Xunit;

namespace Forethought.Tsdb.Tests.Compaction;

/// <summary>The merge against a dictionary of what the sources have at each time.</summary>
public sealed class ChunkMergeModelTests : IDisposable
{
    private readonly NativeAllocator _allocator = new();

    public void Dispose() => Assert.Equal(0, _allocator.TotalBytes);

    [Theory]
    [InlineData(71, false, false)]
    [InlineData(72, true, false)]
    [InlineData(73, false, true)]
    [InlineData(74, true, true)]
    public void Any_sources_give_each_time_once_with_what_one_of_them_has(int seed, bool hasDeletions, bool joins)
    {
        Random random = Fuzz.Random(seed);
        using var merge = new ChunkMerge(_allocator, new ChunkMergeOptions(ChunkEncoding.Xor, joins));
        for (int round = 0; round < Fuzz.Rounds(250); round++)
        {
            var model = new SortedDictionary<long, HashSet<string>>();
            merge.Start();
            for (int i = random.Next(1, 5); i > 0; i--)
            {
                List<ListedChunks.Item> chunks = RandomChunks(random);
                TimeInterval[] deleted = hasDeletions ? RandomIntervals(random) : [];
                Learn(model, chunks, deleted);
                merge.Add(new ListedChunks(chunks), deleted);
            }

            AssertIs(model, merge);
        }
    }

    private static void AssertIs(SortedDictionary<long, HashSet<string>> model, ChunkMerge merge)
    {
        var rows = new ChunkRows();
        var times = new List<long>();
        long end = long.MinValue;
        while (merge.Next(out SourceChunk chunk))
        {
            Assert.True(chunk.MinTimeMs > end, $"a chunk from {chunk.MinTimeMs} on comes behind one up to {end}");
            end = chunk.MaxTimeMs;
            rows.Decode(chunk.Encoding, chunk.Bytes);
            Assert.Equal((rows.TimesMs[0], rows.TimesMs[^1]), (chunk.MinTimeMs, chunk.MaxTimeMs));
            for (int row = 0; row < rows.Count; row++)
            {
                times.Add(rows.TimesMs[row]);
                Assert.Contains(ChunkText.Describe(rows, row), model[rows.TimesMs[row]]);
            }
        }

        Assert.Equal(model.Keys, times);
    }

    private static void Learn(SortedDictionary<long, HashSet<string>> model, List<ListedChunks.Item> chunks, TimeInterval[] deleted)
    {
        var rows = new ChunkRows();
        foreach (ListedChunks.Item chunk in chunks)
        {
            rows.Decode(chunk.Encoding, chunk.Bytes);
            for (int row = 0; row < rows.Count; row++)
            {
                long time = rows.TimesMs[row];
                if (deleted.Any(interval => interval.Contains(time)))
                    continue;
                if (!model.TryGetValue(time, out HashSet<string>? samples))
                    model.Add(time, samples = []);
                samples.Add(ChunkText.Describe(rows, row));
            }
        }
    }

    /// <summary>Chunks in order of time, of any kinds, now and then many samples, on few enough times to meet those of others.</summary>
    private static List<ListedChunks.Item> RandomChunks(Random random)
    {
        var chunks = new List<string>();
        long time = random.Next(40);
        for (int i = random.Next(6); i > 0; i--)
        {
            string kind = random.Next(8) switch { 0 => "h", 1 => "H", 2 => "g", _ => "" };
            string start = random.Next(4) == 0 ? $"@{random.Next(1, 3)}" : "";
            var samples = new List<string>();
            for (int count = random.Next(1, random.Next(5) == 0 ? 150 : 20); count > 0; count--)
            {
                string value = kind.Length > 0 ? kind : random.Next(20) == 0 ? "stale" : $"{random.Next(3)}";
                samples.Add($"{time}={value}{start}");
                time += random.Next(1, 4);
            }

            chunks.Add(string.Join(' ', samples));
            time += random.Next(3) == 0 ? random.Next(60) : 0;
        }

        return ChunkText.Chunks(string.Join(" | ", chunks));
    }

    private static TimeInterval[] RandomIntervals(Random random)
    {
        var intervals = new TimeIntervals();
        for (int i = random.Next(4); i > 0; i--)
        {
            long min = random.Next(-10, 200);
            intervals.Add(new TimeInterval(min, min + random.Next(random.Next(2) == 0 ? 3 : 100)));
        }

        return intervals.Span.ToArray();
    }
}
