using Forethought.Model;

namespace Forethought.Storage;

/// <summary>
/// A column batch of samples on their way into storage: a scrape or a received request fills it, the appender reads it and
/// fills <see cref="Outcomes"/>. The arrays are longer than <see cref="Count"/>. Rows of one series must be in order of time.
/// Reused from scrape to scrape; not thread-safe.
/// </summary>
public sealed class AppendBatch
{
    /// <summary>Makes an empty batch.</summary>
    /// <param name="capacity">Rows to make room for.</param>
    public AppendBatch(int capacity = 256)
    {
        Series = new SeriesRef[capacity];
        TimesMs = new long[capacity];
        Values = new double[capacity];
        Outcomes = new AppendOutcome[capacity];
    }

    /// <summary>The number of rows.</summary>
    public int Count;

    /// <summary>The series of each row, from <see cref="IAppender.GetOrCreate"/>.</summary>
    public SeriesRef[] Series;

    /// <summary>Times in milliseconds since the Unix epoch.</summary>
    public long[] TimesMs;

    /// <summary>Float values; not looked at where the row has a histogram.</summary>
    public double[] Values;

    /// <summary>
    /// Native histograms: a <see cref="Histogram"/> or a <see cref="FloatHistogram"/>, null at floats; null as a whole while there
    /// is none. The appender copies what it keeps.
    /// </summary>
    public object?[]? Histograms;

    /// <summary>Start timestamps in milliseconds, 0 for none; null as a whole while there is none.</summary>
    public long[]? StartTimesMs;

    /// <summary>What became of each row, filled by <see cref="IAppender.Append"/>.</summary>
    public AppendOutcome[] Outcomes;

    /// <summary>
    /// Refuses rows older than the newest sample of their series even where an out-of-order window would take them: for stale markers of
    /// series that may have come back meanwhile.
    /// </summary>
    public bool DiscardOutOfOrder { get; set; }

    /// <summary>Exemplars, each with the series it belongs to.</summary>
    public List<(SeriesRef Series, Exemplar Exemplar)> Exemplars { get; } = [];

    /// <summary>What became of each exemplar, filled by <see cref="IAppender.Append"/>.</summary>
    public List<ExemplarOutcome> ExemplarOutcomes { get; } = [];

    /// <summary>
    /// Metadata of series, where it is new or may have changed. A storage that keeps none, and one that has the same already, passes over it.
    /// </summary>
    public List<(SeriesRef Series, SeriesMetadata Metadata)> Metadata { get; } = [];

    /// <summary>Why rows with <see cref="AppendOutcome.InvalidHistogram"/> were refused: row and text.</summary>
    public List<(int Row, string Message)> Errors { get; } = [];

    /// <summary>Forgets all rows.</summary>
    public void Clear()
    {
        if (Histograms is not null)
            Array.Clear(Histograms, 0, Count);
        if (StartTimesMs is not null)
            Array.Clear(StartTimesMs, 0, Count);
        Exemplars.Clear();
        ExemplarOutcomes.Clear();
        Metadata.Clear();
        Errors.Clear();
        DiscardOutOfOrder = false;
        Count = 0;
    }

    /// <summary>Adds a float row.</summary>
    public void Add(SeriesRef series, long timeMs, double value)
    {
        if (Count == TimesMs.Length)
            Grow();
        Series[Count] = series;
        TimesMs[Count] = timeMs;
        Values[Count] = value;
        Count++;
    }

    /// <summary>Adds a native-histogram row.</summary>
    public void Add(SeriesRef series, long timeMs, Histogram histogram) => AddHistogram(series, timeMs, histogram);

    /// <summary>Adds a native-histogram row with float counts.</summary>
    public void Add(SeriesRef series, long timeMs, FloatHistogram histogram) => AddHistogram(series, timeMs, histogram);

    /// <summary>The start-timestamp column, made on first use with zeros.</summary>
    public long[] RequireStartTimes() => StartTimesMs ??= new long[TimesMs.Length];

    private void AddHistogram(SeriesRef series, long timeMs, object histogram)
    {
        Add(series, timeMs, 0.0);
        Histograms ??= new object?[TimesMs.Length];
        Histograms[Count - 1] = histogram;
    }

    private void Grow()
    {
        int capacity = Math.Max(16, 2 * TimesMs.Length);
        Array.Resize(ref Series, capacity);
        Array.Resize(ref TimesMs, capacity);
        Array.Resize(ref Values, capacity);
        Array.Resize(ref Outcomes, capacity);
        if (Histograms is not null)
            Array.Resize(ref Histograms, capacity);
        if (StartTimesMs is not null)
            Array.Resize(ref StartTimesMs, capacity);
    }
}
