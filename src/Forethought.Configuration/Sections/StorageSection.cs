using System.Globalization;
using Forethought.Configuration.Yaml;
using Forethought.Encoding;
using Forethought.Model;

namespace Forethought.Configuration.Sections;

/// <summary>The keys of <c>storage</c>.</summary>
internal static class StorageSection
{
    private static readonly YamlStruct<RetentionConfiguration> Retention = new YamlStruct<RetentionConfiguration>(
        "config.plain", RetentionConfiguration.Zero, static _ => RetentionConfiguration.Zero, Checked)
        .Field("time", YamlTypes.Duration, retention => retention.Time, (retention, value) => retention with { Time = value })
        .Field("size", GlobalSection.Bytes, retention => retention.Size, (retention, value) => retention with { Size = value })
        .Field(
            "percentage",
            YamlTypes.Float,
            retention => retention.Percentage,
            (retention, value) => retention with { Percentage = value });

    private static readonly YamlStruct<string> ChunkEncoding = new YamlStruct<string>("config.ChunkEncodingConfig", "")
        .Field("floats", YamlTypes.Text, static floats => floats, static (_, value) => value);

    private static readonly YamlStruct<TsdbConfiguration> Tsdb = new YamlStruct<TsdbConfiguration>(
        "config.plain", TsdbConfiguration.Zero, static _ => TsdbConfiguration.Zero, Checked)
        .Field(
            "outofordertimewindow",
            YamlTypes.Int64,
            tsdb => (long)tsdb.OutOfOrderTimeWindow.TotalMilliseconds,
            (tsdb, _) => tsdb,
            keepZero: true)
        .Field(
            "out_of_order_time_window",
            YamlTypes.Duration,
            tsdb => tsdb.OutOfOrderTimeWindow,
            (tsdb, value) => tsdb with { OutOfOrderTimeWindow = value })
        .Field(
            "stale_series_compaction_threshold",
            YamlTypes.Float,
            tsdb => tsdb.StaleSeriesCompactionThreshold,
            (tsdb, value) => tsdb with { StaleSeriesCompactionThreshold = value })
        .Field("chunk_encoding", ChunkEncoding, tsdb => tsdb.FloatChunkEncoding, (tsdb, value) => tsdb with { FloatChunkEncoding = value })
        .Field(
            "retention",
            new YamlOptional<RetentionConfiguration>(Retention),
            tsdb => tsdb.Retention,
            (tsdb, value) => tsdb with { Retention = value });

    private static readonly YamlStruct<ExemplarsConfiguration> Exemplars =
        new YamlStruct<ExemplarsConfiguration>("config.ExemplarsConfig", ExemplarsConfiguration.Zero)
        .Field(
            "max_exemplars",
            YamlTypes.Int64,
            exemplars => exemplars.MaxExemplars,
            (exemplars, value) => exemplars with { MaxExemplars = value });

    internal static readonly YamlStruct<StorageConfiguration> Storage =
        new YamlStruct<StorageConfiguration>("config.StorageConfig", StorageConfiguration.Zero)
        .Field("tsdb", Tsdb, storage => storage.Tsdb, (storage, value) => storage with { Tsdb = value }, keepZero: true)
        .Field(
            "exemplars",
            new YamlOptional<ExemplarsConfiguration>(Exemplars),
            storage => storage.Exemplars,
            (storage, value) => storage with { Exemplars = value });

    private static TsdbConfiguration Checked(TsdbConfiguration tsdb) => tsdb.FloatChunkEncoding is "" or "xor" or "xor2"
        ? tsdb
        : throw new ConfigurationException(
            $"'storage.tsdb.chunk_encoding.floats' must be 'xor' or 'xor2', or the field must be omitted entirely, got {GoQuote.Quote(tsdb.FloatChunkEncoding)}");

    private static RetentionConfiguration Checked(RetentionConfiguration retention)
    {
        if (retention.Size < 0)
        {
            throw new ConfigurationException(
                $"'storage.tsdb.retention.size' must be greater than or equal to 0, got {ByteSize.Format(retention.Size)}");
        }

        return retention.Percentage is < 0 or > 100
            ? throw new ConfigurationException(string.Create(
                CultureInfo.InvariantCulture, $"'storage.tsdb.retention.percentage' must be in the range [0, 100], got {retention.Percentage}"))
            : retention;
    }
}
