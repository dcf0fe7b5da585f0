using Forethought.Tsdb.Chunks;
using Forethought.Tsdb.Platform;
using Forethought.Tsdb.Tests.Platform;
using Forethought.Tsdb.Wal;

namespace Forethought.Tsdb.Tests.Histories;

/// <summary>Settings of a store, drawn anew for each start.</summary>
internal static class HistoryOptions
{
    public static TsdbOptions Draw(Random random, HistoryPlan plan, MemoryDisk disk, HistoryClock clock, List<string> warnings)
    {
        bool storesStartTimes = random.Next(4) == 0;
        return new TsdbOptions
        {
            DataDirectory = disk.Root,
            DiskWork = DiskWork.Inline,
            MinBlockDuration = TimeSpan.FromMinutes(10),
            MaxBlockDuration = TimeSpan.FromMinutes(90),
            SamplesPerChunk = Pick(random, 4, 8, 8, 120),
            WalSegmentSize = Pick(random, 1, 1, 2) * WalFormat.PageSize,
            WalCompression = Pick(random, WalCompression.None, WalCompression.Snappy, WalCompression.Zstd),
            FloatChunkEncoding = storesStartTimes || random.Next(3) == 0 ? ChunkEncoding.Xor2 : ChunkEncoding.Xor,
            StoresStartTimes = storesStartTimes,
            WritesHistogramStartTimes = storesStartTimes && random.Next(2) == 0,
            LogsMetadata = random.Next(2) == 0,
            SnapshotsOnShutdown = random.Next(3) == 0,
            OutOfOrderTimeWindow = DrawWindow(random, plan),
            OutOfOrderCapMax = Pick(random, 3, 8, 32),
            MaxExemplars = Pick(random, 0, 8),
            Retention = RetentionLimits.None,
            BlockReloadInterval = TimeSpan.FromDays(40),
            TimeProvider = clock.Provider,
            Random = new Random(random.Next()),
            Warned = warnings.Add,
        };
    }

    /// <summary>A window for late samples.</summary>
    public static TimeSpan DrawWindow(Random random, HistoryPlan plan)
    {
        int minutes = Pick(random, 0, 10, 30, 60);
        return plan.TakesLate ? TimeSpan.FromMinutes(minutes) : TimeSpan.Zero;
    }

    private static T Pick<T>(Random random, params ReadOnlySpan<T> choices) => choices[random.Next(choices.Length)];
}
