using Forethought.Model;

namespace Forethought.Tsdb.Head;

/// <summary>The stale marker as a histogram, shared and never changed.</summary>
internal static class StaleHistograms
{
    public static readonly Histogram Integers = new() { Sum = StaleMarker.Value };

    public static readonly FloatHistogram Floats = new() { Sum = StaleMarker.Value };

    /// <summary>The marker that follows the newest sample of a series by its open chunk; null if that is none of histograms.</summary>
    public static object? After(SeriesFlags flags) => (flags & SeriesFlags.Open) switch
    {
        SeriesFlags.OpenHistograms => Integers,
        SeriesFlags.OpenFloatHistograms => Floats,
        _ => null,
    };
}
