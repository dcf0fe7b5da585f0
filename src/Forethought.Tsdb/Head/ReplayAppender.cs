using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Forethought.Model;
using Forethought.Storage;
using Forethought.Tsdb.Wal;

namespace Forethought.Tsdb.Head;

/// <summary>
/// Appends replayed batches on a thread of its own, in the order in which they come, while the log is read on: no isolation, no
/// limits but the oldest valid time. Batches go round: taken empty, handed over full.
/// </summary>
internal sealed class ReplayAppender : IDisposable
{
    private const int Batches = 4;
    private const int PrefetchDistance = 12;

    private readonly HeadState _head;
    private readonly BlockingCollection<ReplayBatch> _empty = new(Batches);
    private readonly BlockingCollection<ReplayBatch> _full = new(Batches);
    private readonly Thread _thread;
    private Exception? _failure;
    private bool _isDisposed;

    /// <summary>Starts the thread.</summary>
    public ReplayAppender(HeadState head)
    {
        _head = head;
        for (int i = 0; i < Batches; i++)
            _empty.Add(new ReplayBatch());
        _thread = new Thread(Run) { IsBackground = true, Name = "wal-replay-append" };
        _thread.Start();
    }

    /// <summary>An empty batch; waits for one.</summary>
    public ReplayBatch Take() => _empty.Take();

    /// <summary>Hands a batch over.</summary>
    public void Append(ReplayBatch batch) => _full.Add(batch);

    /// <summary>Returns when everything handed over is appended; the caller holds one batch.</summary>
    public void Drain()
    {
        var others = new List<ReplayBatch>(Batches - 1);
        while (others.Count < Batches - 1)
            others.Add(_empty.Take());
        others.ForEach(_empty.Add);
    }

    /// <summary>Returns when everything handed over is appended, and ends the thread.</summary>
    /// <exception cref="StorageException">A batch could not be appended; what came after it is not in the head.</exception>
    public void Finish()
    {
        Dispose();
        if (_failure is not null)
            throw new StorageException("replay: " + _failure.Message, _failure);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_isDisposed)
            return;
        _full.CompleteAdding();
        _thread.Join();
        _full.Dispose();
        _empty.Dispose();
        _isDisposed = true;
    }

    private void Run()
    {
        foreach (ReplayBatch batch in _full.GetConsumingEnumerable())
        {
            try
            {
                if (_failure is null)
                    Write(batch);
            }
            catch (Exception e)
            {
                // The batches go on round, so that the reading thread does not wait for ever; it is told at the end.
                _failure = e;
            }

            batch.Clear();
            _empty.Add(batch);
        }
    }

    private void Write(ReplayBatch batch)
    {
        WriteFloats(batch.Floats, CollectionsMarshal.AsSpan(batch.FloatSlots));
        WriteHistograms(batch.Histograms, batch.HistogramSlots);
        WriteHistograms(batch.FloatHistograms, batch.FloatHistogramSlots);
    }

    private void WriteFloats(WalSamples samples, ReadOnlySpan<uint> slots)
    {
        long min = long.MaxValue, max = long.MinValue, minValid = _head.Bounds.MinValidTimeMs;
        TransactionMark mark = TransactionMark.Replayed;
        using var lease = new ShardLease(_head.Shards);
        for (int i = 0; i < slots.Length; i++)
        {
            uint slot = slots[i];
            long time = samples.TimesMs[i];
            if (slot == ReplayBatch.Unknown || time < minValid)
                continue;
            HeadShard shard = lease.MoveTo(slot);
            PrefetchState(slots, i + 2 * PrefetchDistance);
            PrefetchBlock(shard, slot, slots[Math.Min(i + PrefetchDistance, slots.Length - 1)]);
            long start = samples.StartTimesMs?[i] ?? 0;
            if (_head.Writer.AppendFloat(shard, slot, time, samples.Values[i], start, ref mark) != AppendOutcome.Accepted)
                continue;
            min = Math.Min(min, time);
            max = Math.Max(max, time);
        }

        if (min <= max)
            _head.Bounds.Include(min, max);
    }

    // Histograms that contradict themselves are passed over.
    private void WriteHistograms<THistogram>(WalHistograms<THistogram> rows, List<uint> slots)
        where THistogram : class, new()
    {
        TransactionMark mark = TransactionMark.Replayed;
        using var lease = new ShardLease(_head.Shards);
        for (int i = 0; i < slots.Count; i++)
        {
            long time = rows.TimesMs[i];
            THistogram histogram = rows.Histograms[i];
            if (slots[i] == ReplayBatch.Unknown || time < _head.Bounds.MinValidTimeMs || !IsConsistent(histogram))
                continue;
            HeadShard shard = lease.MoveTo(slots[i]);
            if (_head.HistogramWriter.Append(shard, slots[i], time, histogram, rows.StartTimesMs[i], ref mark) == AppendOutcome.Accepted)
                _head.Bounds.Include(time, time);
        }
    }

    /// <summary>Whether a <see cref="Histogram"/> or <see cref="FloatHistogram"/> of a log does not contradict itself.</summary>
    public static bool IsConsistent(object histogram) => histogram is Histogram integer
        ? HistogramValidation.Check(integer) is null
        : HistogramValidation.Check((FloatHistogram)histogram) is null;

    private void PrefetchState(ReadOnlySpan<uint> slots, int row)
    {
        if (row < slots.Length && slots[row] != ReplayBatch.Unknown)
            _head.Index.Series.Prefetch(slots[row]);
    }

    private void PrefetchBlock(HeadShard held, uint slot, uint ahead)
    {
        if (ahead != ReplayBatch.Unknown && HeadShard.IndexOf(ahead) == HeadShard.IndexOf(slot))
            _head.Writer.PrefetchFloat(held, ahead);
    }
}
