namespace Forethought.PromQL.Execution;

/// <summary>What a query cost, in the terms of the API's <c>stats</c>. Filled by one query; read it when the query is done.</summary>
public sealed class QueryStatistics
{
    private long[]? _totalPerStep;
    private long[]? _readPerStep;

    internal QueryStatistics(StepGrid grid, bool perStep)
    {
        StartMs = grid.StartMs;
        StepMs = grid.StepMs;
        if (!perStep)
            return;
        _totalPerStep = new long[grid.Count];
        _readPerStep = new long[grid.Count];
    }

    /// <summary>The time of the first step, milliseconds since the Unix epoch.</summary>
    public long StartMs { get; }

    /// <summary>The distance of the steps in milliseconds.</summary>
    public long StepMs { get; }

    /// <summary>Samples that the steps looked at; one that lies in the windows of several steps counts for each.</summary>
    public long TotalSamples { get; private set; }

    /// <summary>Samples read; one that lies in the windows of several steps counts once.</summary>
    public long SamplesRead { get; private set; }

    /// <summary>The most samples held at a time, as upstream counts them.</summary>
    public long PeakSamples { get; internal set; }

    /// <summary>The most bytes of result rows held at a time.</summary>
    public long PeakBytes { get; internal set; }

    /// <summary><see cref="TotalSamples"/> by step; empty unless per-step statistics were asked for and are enabled.</summary>
    public ReadOnlySpan<long> TotalSamplesPerStep => _totalPerStep;

    /// <summary><see cref="SamplesRead"/> by step; empty unless per-step statistics were asked for and are enabled.</summary>
    public ReadOnlySpan<long> SamplesReadPerStep => _readPerStep;

    /// <summary>Time spent waiting for a free slot among the concurrent queries.</summary>
    public TimeSpan QueueTime { get; internal set; }

    /// <summary>Time spent opening storage and selecting series.</summary>
    public TimeSpan PreparationTime { get; internal set; }

    /// <summary>Time spent evaluating.</summary>
    public TimeSpan InnerEvaluationTime { get; internal set; }

    /// <summary>Time spent sorting the result.</summary>
    public TimeSpan ResultSortTime { get; internal set; }

    /// <summary>Preparation, evaluation and sorting.</summary>
    public TimeSpan EvaluationTotalTime { get; internal set; }

    /// <summary>Everything including the wait for a slot.</summary>
    public TimeSpan ExecutionTotalTime { get; internal set; }

    internal bool HasSteps => _totalPerStep is not null;

    internal void CountTotal(int step, long samples)
    {
        TotalSamples += samples;
        if (_totalPerStep is not null)
            _totalPerStep[step] += samples;
    }

    internal void CountRead(int step, long samples)
    {
        SamplesRead += samples;
        if (_readPerStep is not null)
            _readPerStep[step] += samples;
    }

    /// <summary>Counts samples of many steps at once; only without per-step columns.</summary>
    internal void CountAll(long total, long read)
    {
        TotalSamples += total;
        SamplesRead += read;
    }
}
