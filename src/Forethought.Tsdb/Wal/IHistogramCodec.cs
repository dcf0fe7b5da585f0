using Forethought.Model;

namespace Forethought.Tsdb.Wal;

/// <summary>How one kind of histogram is written in log records; implemented for integer and for float counts.</summary>
internal interface IHistogramCodec<THistogram>
{
    /// <summary>The record of exponential buckets.</summary>
    static abstract WalRecordType Exponential { get; }

    /// <summary>The record of custom buckets.</summary>
    static abstract WalRecordType CustomBuckets { get; }

    /// <summary>The record of any buckets with start timestamps.</summary>
    static abstract WalRecordType WithStartTimes { get; }

    /// <summary>These records in error texts.</summary>
    static abstract string RecordNames { get; }

    /// <summary>The histogram's schema.</summary>
    static abstract int SchemaOf(THistogram histogram);

    static abstract void Write(RecordBuffer buffer, THistogram histogram);

    /// <summary>Overwrites <paramref name="histogram"/> with the one in the record, reusing arrays that fit.</summary>
    static abstract void Read(ref RecordReader reader, THistogram histogram);

    /// <summary>
    /// Brings a schema that is finer than used down to <see cref="HistogramSchema.ExponentialMax"/>.
    /// </summary>
    static abstract void ReduceResolution(THistogram histogram);
}
