namespace Forethought.Model;

/// <summary>What a sample is: bit 0 stale, bit 1 native histogram.</summary>
[Flags]
public enum SampleKind : byte
{
    /// <summary>A float.</summary>
    Float = 0,

    /// <summary>A stale marker in a float series.</summary>
    Stale = 1,

    /// <summary>A native histogram.</summary>
    Histogram = 2,

    /// <summary>A stale marker in a native-histogram series.</summary>
    StaleHistogram = Histogram | Stale,
}
