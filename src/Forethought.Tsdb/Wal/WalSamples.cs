using Forethought.Storage;

namespace Forethought.Tsdb.Wal;

/// <summary>Float samples of log records as columns. The arrays are longer than <see cref="Count"/>. Reused; not thread-safe.</summary>
public sealed class WalSamples
{
    /// <summary>The number of rows.</summary>
    public int Count;

    /// <summary>The series of each row.</summary>
    public SeriesRef[] Series = new SeriesRef[1024];

    /// <summary>Times in milliseconds since the Unix epoch.</summary>
    public long[] TimesMs = new long[1024];

    /// <summary>Values.</summary>
    public double[] Values = new double[1024];

    /// <summary>Start timestamps in milliseconds, 0 for none; null as a whole until a record has brought some.</summary>
    public long[]? StartTimesMs;

    /// <summary>Forgets all rows.</summary>
    public void Clear()
    {
        if (StartTimesMs is not null)
            Array.Clear(StartTimesMs, 0, Count);
        Count = 0;
    }

    /// <summary>Keeps the rows with a time of at least <paramref name="minTimeMs"/>, in their order.</summary>
    /// <returns>The number of rows dropped.</returns>
    public int DropBefore(long minTimeMs)
    {
        int kept = 0;
        for (int i = 0; i < Count; i++)
        {
            if (TimesMs[i] < minTimeMs)
                continue;
            Series[kept] = Series[i];
            TimesMs[kept] = TimesMs[i];
            Values[kept] = Values[i];
            if (StartTimesMs is not null)
                StartTimesMs[kept] = StartTimesMs[i];
            kept++;
        }

        int dropped = Count - kept;
        StartTimesMs?.AsSpan(kept, dropped).Clear();
        Count = kept;
        return dropped;
    }

    internal void Reserve(int more)
    {
        int needed = Count + more;
        if (needed <= TimesMs.Length)
            return;
        int capacity = Math.Max(needed, 2 * TimesMs.Length);
        Array.Resize(ref Series, capacity);
        Array.Resize(ref TimesMs, capacity);
        Array.Resize(ref Values, capacity);
        if (StartTimesMs is not null)
            Array.Resize(ref StartTimesMs, capacity);
    }

    internal long[] RequireStartTimes() => StartTimesMs ??= new long[TimesMs.Length];
}
