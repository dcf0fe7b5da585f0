namespace Forethought.Tsdb.Chunks;

/// <summary>How the samples of a chunk are encoded. The numbers are persisted, in one byte before the chunk, and only ever grow.</summary>
public enum ChunkEncoding : byte
{
    /// <summary>No chunk; invalid on disk.</summary>
    None = 0,

    /// <summary>Floats.</summary>
    Xor = 1,

    /// <summary>Native histograms with integer counts.</summary>
    Histogram = 2,

    /// <summary>Native histograms with float counts.</summary>
    FloatHistogram = 3,

    /// <summary>Floats with start timestamps.</summary>
    Xor2 = 4,

    /// <summary>Native histograms with integer counts and start timestamps.</summary>
    HistogramWithStartTimes = 5,

    /// <summary>Native histograms with float counts and start timestamps.</summary>
    FloatHistogramWithStartTimes = 6,
}
