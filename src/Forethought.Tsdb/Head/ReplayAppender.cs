using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Forethought.Model;
using Forethought.Storage;
using Forethought.Tsdb.Wal;

namespace Forethought.Tsdb.Head;

/// <summary>
/// Appends replayed samples on a thread of its own, in the order in which they come, while the log is read on: no isolation, no
/// limits but the oldest valid time. What it was given goes back where it came from, empty.
/// </summary>
internal sealed class ReplayAppender : IDisposable
{
    private const int HistogramBatches = 4;
    private const int PrefetchDistance = 12;

    private readonly HeadState _head;
    private readonly ReplayRowPool _rows;
    private readonly BlockingCollection<ReplayHistograms> _empty = new(HistogramBatches);
    private readonly BlockingCollection<(ReplayRows? Floats, ReplayHistograms? Histograms)> _work = [];

    // Monitor, not Lock: who drains waits for the thread.
    private readonly object _gate = new();
    private readonly Thread _thread;
    private int _pending;
    private int _pendingPages;
    private Exception? _failure;
    private bool _isDisposed;

    /// <summary>Starts the thread.</summary>
    /// <param name="head">Where samples go.</param>
    /// <param name="rows">Where buffers of floats go back.</param>
    public ReplayAppender(HeadState head, ReplayRowPool rows)
    {
        _head = head;
        _rows = rows;
        for (int i = 0; i < HistogramBatches; i++)
            _empty.Add(new ReplayHistograms(head.Options.Replay.Histograms));
        _thread = new Thread(Run) { IsBackground = true, Name = "wal-replay-append" };
        _thread.Start();
    }

    /// <summary>Pages of floats that were handed over and are not appended yet: their buffers come back.</summary>
    public int PendingPages => Volatile.Read(ref _pendingPages);

    /// <summary>An empty batch of histograms; waits for one.</summary>
    public ReplayHistograms TakeHistograms() => _empty.Take();

    /// <summary>Hands a batch of histograms over.</summary>
    public void Append(ReplayHistograms batch) => Enqueue(null, batch);

    /// <summary>Hands samples of a page of series over.</summary>
    public void Append(ReplayRows rows)
    {
        Interlocked.Increment(ref _pendingPages);
        Enqueue(rows, null);
    }

    /// <summary>Returns when everything handed over is appended.</summary>
    public void Drain()
    {
        lock (_gate)
        {
            while (_pending > 0)
                Monitor.Wait(_gate);
        }
    }

    /// <summary>Returns when everything handed over is appended, and ends the thread.</summary>
    /// <exception cref="StorageException">Something could not be appended; what came after it is not in the head.</exception>
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
        _work.CompleteAdding();
        _thread.Join();
        _work.Dispose();
        _empty.Dispose();
        _isDisposed = true;
    }

    private void Enqueue(ReplayRows? floats, ReplayHistograms? histograms)
    {
        lock (_gate)
            _pending++;
        _work.Add((floats, histograms));
    }

    private void Run()
    {
        foreach ((ReplayRows? floats, ReplayHistograms? histograms) in _work.GetConsumingEnumerable())
        {
            try
            {
                if (_failure is null)
                    Write(floats, histograms);
            }
            catch (Exception e)
            {
                // What comes is taken on, so that the decoding thread does not wait for ever; it is told at the end.
                _failure = e;
            }

            GiveBack(floats, histograms);
        }
    }

    private void GiveBack(ReplayRows? floats, ReplayHistograms? histograms)
    {
        if (floats is not null)
        {
            _rows.GiveBack(floats);
            Interlocked.Decrement(ref _pendingPages);
        }

        if (histograms is not null)
        {
            histograms.Clear();
            _empty.Add(histograms);
        }

        lock (_gate)
        {
            _pending--;
            Monitor.Pulse(_gate);
        }
    }

    private void Write(ReplayRows? floats, ReplayHistograms? histograms)
    {
        for (ReplayRows? rows = floats; rows is not null; rows = rows.Next)
            WriteFloats(rows.Rows, rows.StartTimesMs);
        if (histograms is null)
            return;
        WriteHistograms(histograms.Integers, histograms.IntegerSlots);
        WriteHistograms(histograms.Floats, histograms.FloatSlots);
    }

    // Replay is over before the runtime has found out what is hot: compiled once, and well, with what is called for each sample inside.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void WriteFloats(ReadOnlySpan<ReplayRow> rows, ReadOnlySpan<long> startTimesMs)
    {
        long min = long.MaxValue, max = long.MinValue;
        SeriesTable series = _head.Index.Series;
        SeriesWriter writer = _head.Writer;

        // Samples of one page of series come together, and that is of one shard.
        HeadShard shard = _head.ShardOf(rows[0].Slot);
        lock (shard.Lock)
        {
            for (int i = 0; i < rows.Length; i++)
            {
                ref readonly ReplayRow row = ref rows[i];
                if (i + 2 * PrefetchDistance < rows.Length)
                {
                    // First the state, then, once that is there, the block of the chunk that it names.
                    series.Prefetch(rows[i + 2 * PrefetchDistance].Slot);
                    writer.PrefetchFloat(shard, rows[i + PrefetchDistance].Slot);
                }

                if (!writer.TryContinueFloats(shard, ref series.State(row.Slot), row.TimeMs, row.Value)
                    && !TryAppend(shard, row, startTimesMs.IsEmpty ? 0 : startTimesMs[i]))
                    continue;
                min = Math.Min(min, row.TimeMs);
                max = Math.Max(max, row.TimeMs);
            }
        }

        if (min <= max)
            _head.Bounds.Include(min, max);
    }

    private bool TryAppend(HeadShard shard, in ReplayRow row, long startMs)
    {
        TransactionMark mark = TransactionMark.Replayed;
        return _head.Writer.AppendFloat(shard, row.Slot, row.TimeMs, row.Value, startMs, ref mark) == AppendOutcome.Accepted;
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
            if (slots[i] == SeriesRefMap.None || !IsConsistent(histogram))
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
}
