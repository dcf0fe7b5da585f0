namespace Forethought.Tsdb.Wal;

/// <summary>Looks at log records as a whole. Thread-safe.</summary>
public static class WalRecord
{
    /// <summary>The type of a record; <see cref="WalRecordType.Unknown"/> for an empty one and for types not known.</summary>
    public static WalRecordType TypeOf(ReadOnlySpan<byte> record)
    {
        if (record.IsEmpty || record[0] is < (byte)WalRecordType.Series or > (byte)WalRecordType.FloatHistogramSamplesV2)
            return WalRecordType.Unknown;
        return (WalRecordType)record[0];
    }

    /// <summary>The name of a type in metrics and log lines, as upstream spells it.</summary>
    public static string NameOf(WalRecordType type) => type switch
    {
        WalRecordType.Series => "series",
        WalRecordType.Samples => "samples",
        WalRecordType.Tombstones => "tombstones",
        WalRecordType.Exemplars => "exemplars",
        WalRecordType.MmapMarkers => "mmapmarkers",
        WalRecordType.Metadata => "metadata",
        WalRecordType.HistogramSamples => "histogram_samples",
        WalRecordType.FloatHistogramSamples => "float_histogram_samples",
        WalRecordType.CustomBucketsHistogramSamples => "custom_buckets_histogram_samples",
        WalRecordType.CustomBucketsFloatHistogramSamples => "custom_buckets_float_histogram_samples",
        WalRecordType.SamplesV2 => "samples_v2",
        WalRecordType.HistogramSamplesV2 => "histogram_samples_v2",
        WalRecordType.FloatHistogramSamplesV2 => "float_histogram_samples_v2",
        _ => "unknown",
    };

    /// <summary>Checks the first byte of a record that is about to be decoded.</summary>
    internal static void Demand(bool matches, ReadOnlySpan<byte> record, string expected)
    {
        if (!matches)
            TsdbCorruptionException.Throw("invalid record type", 0, expected, record.IsEmpty ? "an empty record" : $"{record[0]}");
    }
}
