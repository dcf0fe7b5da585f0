namespace Forethought.Tsdb.Wal;

/// <summary>What a log record holds: its first byte. The numbers are persisted and only ever grow.</summary>
public enum WalRecordType : byte
{
    /// <summary>Labels of new series.</summary>
    Series = 1,

    /// <summary>Float samples.</summary>
    Samples = 2,

    /// <summary>Deleted time ranges of series.</summary>
    Tombstones = 3,

    /// <summary>Exemplars.</summary>
    Exemplars = 4,

    /// <summary>Out-of-order chunks that were written to head chunk files (only in the out-of-order log).</summary>
    MmapMarkers = 5,

    /// <summary>Type, unit and help of series.</summary>
    Metadata = 6,

    /// <summary>Native histograms with integer counts and exponential buckets.</summary>
    HistogramSamples = 7,

    /// <summary>Native histograms with float counts and exponential buckets.</summary>
    FloatHistogramSamples = 8,

    /// <summary>Native histograms with integer counts and custom buckets.</summary>
    CustomBucketsHistogramSamples = 9,

    /// <summary>Native histograms with float counts and custom buckets.</summary>
    CustomBucketsFloatHistogramSamples = 10,

    /// <summary>Float samples with start timestamps.</summary>
    SamplesV2 = 11,

    /// <summary>Native histograms with integer counts, any buckets, with start timestamps.</summary>
    HistogramSamplesV2 = 12,

    /// <summary>Native histograms with float counts, any buckets, with start timestamps.</summary>
    FloatHistogramSamplesV2 = 13,

    /// <summary>Not written: what a reader makes of any other number and of an empty record.</summary>
    Unknown = 255,
}
