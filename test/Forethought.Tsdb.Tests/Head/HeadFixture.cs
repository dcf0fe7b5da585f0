using Forethought.Model;
using Forethought.Tsdb.Chunks;
using Forethought.Tsdb.Head;
using Forethought.Tsdb.Memory;

namespace Forethought.Tsdb.Tests.Head;

/// <summary>A head without store around it, and a look at the chunks of its series.</summary>
internal sealed unsafe class HeadFixture : IDisposable
{
    private readonly EpochPin _pin;

    public HeadFixture(long chunkRangeMs, int samplesPerChunk = 120)
    {
        Head = new HeadState(new TsdbOptions
        {
            MinBlockDuration = TimeSpan.FromMilliseconds(chunkRangeMs),
            SamplesPerChunk = samplesPerChunk,
        });
        _pin = Head.Epochs.Pin();
    }

    public HeadState Head { get; }

    public uint Create(string name)
    {
        Labels labels = Labels.FromStrings("a", name);
        return Head.Index.GetOrCreate(labels.Packed, labels.Hash(), 0, out _);
    }

    /// <summary>Appends a float; tells whether a chunk was started for it.</summary>
    public bool Append(uint slot, long timeMs, double value)
    {
        long before = Head.Counters.ChunksCreated;
        TransactionMark mark = TransactionMark.Replayed;
        HeadShard shard = Head.ShardOf(slot);
        lock (shard.Lock)
            Assert.Equal(Storage.AppendOutcome.Accepted, Head.Writer.AppendFloat(shard, slot, timeMs, value, 0, ref mark));
        return Head.Counters.ChunksCreated > before;
    }

    /// <summary>Appends a histogram; tells whether a chunk was started for it.</summary>
    public bool Append(uint slot, long timeMs, Histogram histogram)
    {
        long before = Head.Counters.ChunksCreated;
        TransactionMark mark = TransactionMark.Replayed;
        HeadShard shard = Head.ShardOf(slot);
        lock (shard.Lock)
            Assert.Equal(Storage.AppendOutcome.Accepted, Head.HistogramWriter.Append(shard, slot, timeMs, histogram, 0, ref mark));
        return Head.Counters.ChunksCreated > before;
    }

    /// <summary>First time, last time and samples of each chunk, oldest first, the open one last.</summary>
    public List<(long MinTimeMs, long MaxTimeMs, int Samples)> Chunks(uint slot)
    {
        var chunks = new List<(long, long, int)>();
        HeadShard shard = Head.ShardOf(slot);
        ref SeriesEntry entry = ref Head.Index.Series.Entry(slot);
        ref SeriesState state = ref Head.Index.Series.State(slot);
        for (uint handle = entry.Sealed; handle != 0;)
        {
            var chunk = (SealedChunk*)shard.Sealed.Pointer(handle);
            var bytes = new ReadOnlySpan<byte>((byte*)chunk + sizeof(SealedChunk), chunk->Length);
            chunks.Insert(0, (chunk->MinTimeMs, chunk->MaxTimeMs, ChunkHeader.ReadSampleCount(bytes)));
            handle = chunk->Previous;
        }

        if ((state.Flags & SeriesFlags.Open) != 0)
            chunks.Add((entry.OpenMinTimeMs, OpenChunk.LastTimeMs(shard, ref state), OpenChunk.SampleCount(shard, ref state)));
        return chunks;
    }

    public void Dispose()
    {
        Head.Epochs.Unpin(_pin);
        Head.Dispose();
    }
}
