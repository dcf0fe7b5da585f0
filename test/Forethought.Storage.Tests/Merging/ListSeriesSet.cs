using Forethought.Model;

namespace Forethought.Storage.Tests.Merging;

/// <summary>Series in memory, their samples in runs of a given length.</summary>
internal sealed class ListSeriesSet(
    KeyValuePair<Labels, List<StoredSample>>[] series,
    int runLength,
    IReadOnlyList<string> warnings,
    Exception? readFailure,
    Exception? disposeFailure) : ISeriesSet
{
    private int _current = -1;
    private int _next;

    public bool IsDisposed { get; private set; }

    public int SamplesRead { get; private set; }

    public ReadOnlySpan<byte> PackedLabels => series[_current].Key.Packed;

    public IReadOnlyList<string> Warnings => warnings;

    public bool MoveNext()
    {
        _next = 0;
        return ++_current < series.Length;
    }

    public bool Read(SampleBatch batch)
    {
        List<StoredSample> samples = series[_current].Value;
        if (readFailure is not null)
            throw readFailure;
        int end = Math.Min(samples.Count, _next + runLength);
        int before = _next;
        while (_next < end)
            samples[_next++].AddTo(batch);
        SamplesRead += end - before;
        return end > before;
    }

    public void Dispose()
    {
        IsDisposed = true;
        if (disposeFailure is not null)
            throw disposeFailure;
    }
}
