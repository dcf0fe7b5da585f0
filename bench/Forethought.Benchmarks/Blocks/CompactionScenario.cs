using System.Globalization;
using Forethought.Encoding;
using Forethought.Model;
using Forethought.Storage;
using Forethought.Tsdb;
using Forethought.Tsdb.Blocks;
using Forethought.Tsdb.Compaction;
using Forethought.Tsdb.Platform;

namespace Forethought.Benchmarks.Blocks;

/// <summary>
/// What compaction takes of memory and processor: <c>compaction [series]</c> fills a head with 3 hours of samples 2.5 minutes apart,
/// compacts it, and then merges three blocks of as many series. Linux only.
/// </summary>
internal static class CompactionScenario
{
    private const long RangeMs = 7_200_000;
    private const long StepMs = 150_000;
    private const int PerCommit = 10_000;

    // A past that is a multiple of all ranges of blocks.
    private const long StartMs = 1_700_006_400_000 / (9 * RangeMs) * (9 * RangeMs);

    public static async Task<int> RunAsync(string[] args)
    {
        int series = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 200_000;
        string directory = Directory.CreateTempSubdirectory("forethought-compaction-").FullName;
        try
        {
            Console.WriteLine($"{series} series");
            await CompactHeadAsync(series, Path.Combine(directory, "head"));
            Merge(series, Path.Combine(directory, "blocks"));
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }

        return 0;
    }

    private static async Task CompactHeadAsync(int series, string directory)
    {
        var options = new TsdbOptions { Path = directory, Retention = RetentionLimits.None, BlockReloadInterval = TimeSpan.FromDays(1) };
        await using TsdbStore store = await TsdbStore.OpenAsync(options);
        using (var fill = new MemoryWatch())
        {
            await FillAsync(store, series);
            fill.Report("fill the head");
        }

        using var watch = new MemoryWatch();
        await store.MaintainAsync();
        watch.Report($"compact the head into {store.GetBlocks().Count} block");
    }

    private static async Task FillAsync(TsdbStore store, int series)
    {
        var references = new SeriesRef[series];
        for (int from = 0; from < series; from += PerCommit)
        {
            using IAppender appender = store.OpenAppender();
            for (int i = from; i < Math.Min(series, from + PerCommit); i++)
            {
                Labels labels = LabelsOf(i);
                references[i] = appender.GetOrCreate(labels.Packed, XxHash64.Compute(labels.Packed), out _);
            }

            await appender.CommitAsync();
        }

        var batch = new AppendBatch(PerCommit);
        for (long time = StartMs; time <= StartMs + (RangeMs * 3 / 2) + StepMs; time += StepMs)
        {
            for (int from = 0; from < series; from += PerCommit)
            {
                batch.Clear();
                for (int i = from; i < Math.Min(series, from + PerCommit); i++)
                    batch.Add(references[i], time, (time - StartMs) / 1000 * (i % 17));
                using IAppender appender = store.OpenAppender();
                appender.Append(batch);
                await appender.CommitAsync();
            }
        }
    }

    // Ten labels, as series of services have them; one in ten carries a value that no other has.
    private static Labels LabelsOf(int i)
    {
        string target = $"{i / 1000:D5}";
        return Labels.FromStrings(
            "__name__", $"metric_{i % 100:D3}_total", "cluster", $"c{i / 100_000}", "code", $"{200 + (i % 7)}", "env", "production",
            "handler", $"/api/v1/handler/{i % 1000}", "id", i % 10 == 0 ? $"{i:D9}" : "none", "instance", $"10.0.{target}:9100", "job", "load",
            "pod", $"service-{i % 50:D2}-{target}", "service", $"service-{i % 50:D2}");
    }

    private static void Merge(int series, string directory)
    {
        var data = new FileSystemDirectory(directory);
        for (int block = 0; block < 4; block++)
            Write(data, series, block);
        var options = new TsdbOptions { Path = directory, Retention = RetentionLimits.None, MaxBlockDuration = TimeSpan.FromHours(6) };
        using var list = new BlockList(data, _ => new HashSet<Ulid>(), warned: null);
        var compactor = new Compactor(data, options);
        using var watch = new MemoryWatch();
        BlockMerge merge = compactor.MergeNext(list, CancellationToken.None)!;
        watch.Report($"merge {merge.Blocks.Count} blocks of {merge.Blocks.Sum(block => block.SizeBytes) >> 20} MiB");
        list.Reload();
        Block written = list.Current.First(block => block.Meta.Ulid == merge.Written!.Ulid);
        Console.WriteLine($"the new one has {written.SizeBytes >> 20} MiB, {written.Meta.Stats.Chunks} chunks of {written.Meta.Stats.Samples} samples");
    }

    private static void Write(FileSystemDirectory data, int series, int block)
    {
        Ulid ulid = Ulid.Create(TimeProvider.System.GetUtcNow(), new Random(block));
        long start = StartMs + (block * RangeMs);
        using var source = new GeneratedSeries(series, start, chunks: 4);
        new BlockWriter(data).Write(source, new BlockMeta
        {
            Ulid = ulid,
            MinTimeMs = start,
            MaxTimeMs = start + RangeMs,
            Compaction = new BlockCompaction { Level = 1, Sources = [ulid] },
        });
    }
}
