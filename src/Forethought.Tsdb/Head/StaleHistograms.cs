using Forethought.Model;

namespace Forethought.Tsdb.Head;

/// <summary>The stale marker as a histogram, shared and never changed.</summary>
internal static class StaleHistograms
{
    public static readonly Histogram Integers = new() { Sum = StaleMarker.Value };

    public static readonly FloatHistogram Floats = new() { Sum = StaleMarker.Value };
}
