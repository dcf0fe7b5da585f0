using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace Forethought.Client;

/// <summary>
/// The pauses of the latest garbage collections and the time of the last one. A small object without references dies with each
/// collection of generation 0, and its finalizer, which makes the next one, reads what the collector says of itself; collections
/// in quick succession may share one reading. Thread-safe.
/// </summary>
internal sealed class GarbageCollectionLog
{
    // As many as Go's runtime keeps.
    private const int Capacity = 256;

    private readonly Lock _lock = new();
    private readonly TimeProvider _timeProvider;
    private readonly double[] _pauseSeconds = new double[Capacity];
    private long _recorded;
    private long _lastIndex;
    private DateTimeOffset? _lastCollection;

    public GarbageCollectionLog(TimeProvider timeProvider)
    {
        _timeProvider = timeProvider;
        Watch(new WeakGCHandle<GarbageCollectionLog>(this));
    }

    /// <summary>When a collection was last seen to end; null if none was.</summary>
    public DateTimeOffset? LastCollection
    {
        get
        {
            lock (_lock)
                return _lastCollection;
        }
    }

    /// <summary>The shortest, the quartiles and the longest of the latest pauses, in seconds; zeros without any.</summary>
    public void ReadQuartiles(Span<QuantileValue> quartiles)
    {
        Span<double> sorted = stackalloc double[Capacity];
        lock (_lock)
        {
            sorted = sorted[..(int)Math.Min(_recorded, Capacity)];
            _pauseSeconds.AsSpan(0, sorted.Length).CopyTo(sorted);
        }

        sorted.Sort();
        for (int i = 0; i < quartiles.Length; i++)
        {
            double quantile = (double)i / (quartiles.Length - 1);
            quartiles[i] = new QuantileValue(quantile, sorted.IsEmpty ? 0 : sorted[(int)(quantile * (sorted.Length - 1))]);
        }
    }

    /// <summary>Takes note of a collection, unless it is the one noted last.</summary>
    internal void Record(long index, ReadOnlySpan<TimeSpan> pauses)
    {
        lock (_lock)
        {
            if (index == _lastIndex)
                return;
            _lastIndex = index;
            _lastCollection = _timeProvider.GetUtcNow();
            foreach (TimeSpan pause in pauses)
            {
                // A collection that is not concurrent has one pause and leaves the other at zero.
                if (pause > TimeSpan.Zero)
                    _pauseSeconds[_recorded++ % Capacity] = pause.TotalSeconds;
            }
        }
    }

    [SuppressMessage("Performance", "CA1806", Justification = "The object exists to be finalized.")]
    private static void Watch(WeakGCHandle<GarbageCollectionLog> log) => new Sentinel(log);

    /// <remarks>A bare handle, because a weak reference object would be finalized along with the sentinel.</remarks>
    private sealed class Sentinel(WeakGCHandle<GarbageCollectionLog> log)
    {
        ~Sentinel()
        {
            if (Environment.HasShutdownStarted)
                return;
            if (!log.TryGetTarget(out GarbageCollectionLog? target))
            {
                log.Dispose();
                return;
            }

            GCMemoryInfo collection = GC.GetGCMemoryInfo(GCKind.Any);
            target.Record(collection.Index, collection.PauseDurations);
            Watch(log);
        }
    }
}
