using Forethought.Model;
using Forethought.Tsdb.Wal;

namespace Forethought.Tsdb.Head;

/// <summary>
/// Decoded histograms on their way from the thread that decodes to the one that appends, with the slots of their series. Those with
/// integer counts come before those with float counts; a batch ends where the log has them in another order. Reused.
/// </summary>
internal sealed class ReplayHistograms(int enough)
{
    public WalHistograms<Histogram> Integers { get; } = new();

    public WalHistograms<FloatHistogram> Floats { get; } = new();

    public List<uint> IntegerSlots { get; } = [];

    public List<uint> FloatSlots { get; } = [];

    public bool IsEmpty => Integers.Count + Floats.Count == 0;

    /// <summary>Whether the batch should be handed over.</summary>
    public bool IsFull => Integers.Count + Floats.Count >= enough;

    /// <summary>Forgets all rows.</summary>
    public void Clear()
    {
        Integers.Clear();
        Floats.Clear();
        IntegerSlots.Clear();
        FloatSlots.Clear();
    }
}
