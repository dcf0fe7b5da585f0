using Forethought.Model;
using Forethought.Tsdb.Wal;

namespace Forethought.Tsdb.Head;

/// <summary>
/// Decoded samples on their way from the thread that reads the log to the one that appends, with the slots of their series. Floats
/// come before histograms, those before float histograms; a batch ends where the log has them in another order. Reused.
/// </summary>
internal sealed class ReplayBatch
{
    /// <summary>Stands for a series that the log does not name.</summary>
    public const uint Unknown = uint.MaxValue;

    private const int EnoughSamples = 8192;

    public WalSamples Floats { get; } = new();

    public WalHistograms<Histogram> Histograms { get; } = new();

    public WalHistograms<FloatHistogram> FloatHistograms { get; } = new();

    public List<uint> FloatSlots { get; } = new(EnoughSamples);

    public List<uint> HistogramSlots { get; } = [];

    public List<uint> FloatHistogramSlots { get; } = [];

    public bool IsEmpty => Floats.Count + Histograms.Count + FloatHistograms.Count == 0;

    /// <summary>Whether the batch should be handed over.</summary>
    public bool IsFull => Floats.Count + Histograms.Count + FloatHistograms.Count >= EnoughSamples;

    /// <summary>Whether floats may still be added.</summary>
    public bool TakesFloats => Histograms.Count + FloatHistograms.Count == 0;

    /// <summary>Whether histograms with integer counts may still be added.</summary>
    public bool TakesHistograms => FloatHistograms.Count == 0;

    /// <summary>Forgets all samples.</summary>
    public void Clear()
    {
        Floats.Clear();
        Histograms.Clear();
        FloatHistograms.Clear();
        FloatSlots.Clear();
        HistogramSlots.Clear();
        FloatHistogramSlots.Clear();
    }
}
