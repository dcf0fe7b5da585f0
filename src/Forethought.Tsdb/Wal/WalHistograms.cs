using Forethought.Storage;

namespace Forethought.Tsdb.Wal;

/// <summary>
/// Native histograms of log records as columns. The arrays are longer than <see cref="Count"/>; the histograms belong to the
/// columns and are overwritten after <see cref="Clear"/>. Reused; not thread-safe.
/// </summary>
/// <typeparam name="THistogram">Histograms with integer or with float counts.</typeparam>
public sealed class WalHistograms<THistogram>
    where THistogram : class, new()
{
    /// <summary>The number of rows.</summary>
    public int Count;

    /// <summary>The series of each row.</summary>
    public SeriesRef[] Series = new SeriesRef[64];

    /// <summary>Times in milliseconds since the Unix epoch.</summary>
    public long[] TimesMs = new long[64];

    /// <summary>Start timestamps in milliseconds, 0 for none.</summary>
    public long[] StartTimesMs = new long[64];

    /// <summary>The histograms; below <see cref="Count"/> none is null.</summary>
    public THistogram[] Histograms = new THistogram[64];

    /// <summary>Rows left out since the last <see cref="Clear"/> because their schema is not one that this version knows.</summary>
    public int SkippedSchemas;

    /// <summary>Forgets all rows and keeps the histograms for reuse.</summary>
    public void Clear()
    {
        Count = 0;
        SkippedSchemas = 0;
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
            StartTimesMs[kept] = StartTimesMs[i];
            (Histograms[kept], Histograms[i]) = (Histograms[i], Histograms[kept]);
            kept++;
        }

        int dropped = Count - kept;
        Count = kept;
        return dropped;
    }

    /// <summary>The holder of the row after the last one, which counts once <see cref="Complete"/> was called.</summary>
    internal THistogram Next()
    {
        if (Count == TimesMs.Length)
        {
            Array.Resize(ref Series, 2 * Count);
            Array.Resize(ref TimesMs, 2 * Count);
            Array.Resize(ref StartTimesMs, 2 * Count);
            Array.Resize(ref Histograms, 2 * Count);
        }

        return Histograms[Count] ??= new THistogram();
    }

    internal void Complete(SeriesRef series, long timeMs, long startTimeMs)
    {
        Series[Count] = series;
        TimesMs[Count] = timeMs;
        StartTimesMs[Count++] = startTimeMs;
    }
}
