namespace Forethought.Model;

/// <summary>
/// A column batch of one series' samples, in order of time: what storage decodes into and operators read. The arrays are longer
/// than <see cref="Count"/>; index them directly. A batch is reused for series after series: histograms handed out by
/// <see cref="AddHistogram"/> belong to the batch and are overwritten after <see cref="Clear"/>. Not thread-safe.
/// </summary>
public sealed class SampleBatch
{
    private readonly List<FloatHistogram> _pool = [];
    private int _pooledInUse;

    /// <summary>Makes an empty batch.</summary>
    /// <param name="capacity">Samples to make room for.</param>
    public SampleBatch(int capacity = 256)
    {
        TimesMs = new long[capacity];
        Values = new double[capacity];
        Kinds = new SampleKind[capacity];
    }

    /// <summary>The number of samples.</summary>
    public int Count;

    /// <summary>Sample times in milliseconds since the Unix epoch, strictly increasing.</summary>
    public long[] TimesMs;

    /// <summary>Float values; for a native histogram its sum (so the stale marker shows here for every kind).</summary>
    public double[] Values;

    /// <summary>What each sample is. <see cref="AllKinds"/> tells whether it has to be looked at.</summary>
    public SampleKind[] Kinds;

    /// <summary>The histograms, null at floats; null as a whole while the batch has none.</summary>
    public FloatHistogram?[]? Histograms;

    /// <summary>Start timestamps in milliseconds, 0 for none; null as a whole while the batch has none.</summary>
    public long[]? StartTimesMs;

    /// <summary>The union of all kinds: <see cref="SampleKind.Float"/> means that every sample is a plain float.</summary>
    public SampleKind AllKinds;

    /// <summary>Whether any sample is a native histogram.</summary>
    public bool HasHistograms => (AllKinds & SampleKind.Histogram) != 0;

    /// <summary>Whether any sample is a stale marker.</summary>
    public bool HasStale => (AllKinds & SampleKind.Stale) != 0;

    /// <summary>Forgets the samples and takes the histograms back into the pool.</summary>
    public void Clear()
    {
        if (Histograms is not null)
            Array.Clear(Histograms, 0, Count);
        if (StartTimesMs is not null)
            Array.Clear(StartTimesMs, 0, Count);
        Count = 0;
        AllKinds = SampleKind.Float;
        _pooledInUse = 0;
    }

    /// <summary>Forgets the samples from <paramref name="count"/> on. <see cref="AllKinds"/> may still tell of theirs.</summary>
    public void Truncate(int count)
    {
        Histograms?.AsSpan(count, Count - count).Clear();
        StartTimesMs?.AsSpan(count, Count - count).Clear();
        Count = count;
    }

    /// <summary>Makes room for <paramref name="more"/> samples beyond <see cref="Count"/>.</summary>
    public void Reserve(int more)
    {
        int needed = Count + more;
        if (needed <= TimesMs.Length)
            return;
        int capacity = Math.Max(needed, 2 * TimesMs.Length);
        Array.Resize(ref TimesMs, capacity);
        Array.Resize(ref Values, capacity);
        Array.Resize(ref Kinds, capacity);
        if (Histograms is not null)
            Array.Resize(ref Histograms, capacity);
        if (StartTimesMs is not null)
            Array.Resize(ref StartTimesMs, capacity);
    }

    /// <summary>Adds a float or a stale marker.</summary>
    public void Add(long timeMs, double value)
    {
        Reserve(1);
        SampleKind kind = StaleMarker.IsStale(value) ? SampleKind.Stale : SampleKind.Float;
        TimesMs[Count] = timeMs;
        Values[Count] = value;
        Kinds[Count++] = kind;
        AllKinds |= kind;
    }

    /// <summary>
    /// Adds a native histogram and returns the pooled holder to fill, its old content still in it; afterwards
    /// <see cref="CompleteHistogram"/> must be called.
    /// </summary>
    public FloatHistogram AddHistogram(long timeMs)
    {
        Reserve(1);
        Histograms ??= new FloatHistogram?[TimesMs.Length];
        FloatHistogram histogram = TakePooled();
        TimesMs[Count] = timeMs;
        Histograms[Count++] = histogram;
        return histogram;
    }

    /// <summary>Notes kind and sum of the histogram added last, once it is filled.</summary>
    public void CompleteHistogram()
    {
        FloatHistogram histogram = Histograms![Count - 1]!;
        SampleKind kind = histogram.IsStale ? SampleKind.StaleHistogram : SampleKind.Histogram;
        Values[Count - 1] = histogram.Sum;
        Kinds[Count - 1] = kind;
        AllKinds |= kind;
    }

    /// <summary>Adds copies of consecutive samples of another batch, start timestamps and histograms included.</summary>
    /// <param name="source">Another batch; it is left as it is.</param>
    /// <param name="start">The first sample to copy.</param>
    /// <param name="count">How many to copy; all of them are there.</param>
    public void AddRange(SampleBatch source, int start, int count)
    {
        Reserve(count);
        source.TimesMs.AsSpan(start, count).CopyTo(TimesMs.AsSpan(Count));
        source.Values.AsSpan(start, count).CopyTo(Values.AsSpan(Count));
        ReadOnlySpan<SampleKind> kinds = source.Kinds.AsSpan(start, count);
        kinds.CopyTo(Kinds.AsSpan(Count));
        if (source.StartTimesMs is not null)
            source.StartTimesMs.AsSpan(start, count).CopyTo(RequireStartTimes().AsSpan(Count));
        if (source.HasHistograms)
            CopyHistograms(source.Histograms.AsSpan(start, count));
        if (source.AllKinds != SampleKind.Float)
        {
            foreach (SampleKind kind in kinds)
                AllKinds |= kind;
        }

        Count += count;
    }

    /// <summary>The start-timestamp column, made on first use with zeros.</summary>
    public long[] RequireStartTimes() => StartTimesMs ??= new long[TimesMs.Length];

    private void CopyHistograms(ReadOnlySpan<FloatHistogram?> histograms)
    {
        Histograms ??= new FloatHistogram?[TimesMs.Length];
        for (int i = 0; i < histograms.Length; i++)
        {
            if (histograms[i] is not { } histogram)
                continue;
            FloatHistogram copy = TakePooled();
            histogram.CopyTo(copy);
            Histograms[Count + i] = copy;
        }
    }

    private FloatHistogram TakePooled()
    {
        if (_pooledInUse == _pool.Count)
            _pool.Add(new FloatHistogram());
        return _pool[_pooledInUse++];
    }
}
