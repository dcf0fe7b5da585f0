namespace Forethought.PromQL.Execution;

/// <summary>
/// Counts what a query holds: samples as upstream counts them, so that the same queries hit <c>--query.max-samples</c>
/// although less is held here, and bytes as they are. Not thread-safe.
/// </summary>
internal sealed class SampleAccount(long maxSamples)
{
    private long _bytes;

    /// <summary>Samples that upstream would hold now.</summary>
    public long Current { get; private set; }

    /// <summary>The most samples that upstream would have held at a time.</summary>
    public long Peak { get; private set; }

    /// <summary>The most bytes of rows held at a time.</summary>
    public long PeakBytes { get; private set; }

    /// <summary>Adds samples of a result that upstream would materialise.</summary>
    /// <exception cref="PromQlException">The limit is passed.</exception>
    public void Add(long samples)
    {
        Current += samples;
        Check(Current);
    }

    /// <summary>Checks samples that upstream holds for a moment on top of the current ones: a window, the vectors of a step.</summary>
    /// <exception cref="PromQlException">The limit is passed.</exception>
    public void Touch(long samples) => Check(Current + samples);

    /// <summary>Takes off the samples of an input that has been consumed.</summary>
    public void Release(long samples) => Current -= samples;

    public void Rented(long bytes)
    {
        _bytes += bytes;
        PeakBytes = Math.Max(PeakBytes, _bytes);
    }

    public void Returned(long bytes) => _bytes -= bytes;

    private void Check(long samples)
    {
        Peak = Math.Max(Peak, samples);
        if (samples > maxSamples)
            throw PromQlException.TooManySamples();
    }
}
