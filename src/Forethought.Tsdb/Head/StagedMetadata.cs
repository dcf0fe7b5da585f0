using Forethought.Storage;
using Forethought.Tsdb.Wal;
using static System.Text.Encoding;

namespace Forethought.Tsdb.Head;

/// <summary>The metadata of a transaction: what differs from what the head has. Reused.</summary>
internal sealed class StagedMetadata(HeadState head)
{
    private readonly List<(SeriesRef Series, SeriesMetadata Metadata)> _rows = [];

    /// <summary>Whether the store keeps metadata.</summary>
    public bool IsWanted => head.Options.LogsMetadata;

    /// <summary>Whether a series' metadata would be news.</summary>
    public bool IsNews(SeriesRef series, SeriesMetadata metadata) => !head.Metadata.Has(series.Value, metadata);

    /// <summary>Adds the metadata of a series.</summary>
    public void Add(SeriesRef series, SeriesMetadata metadata) => _rows.Add((series, metadata));

    /// <summary>Writes the log's record.</summary>
    public void Encode(RecordBuffer records)
    {
        if (_rows.Count == 0)
            return;
        records.Begin(WalRecordType.Metadata);
        foreach ((SeriesRef series, SeriesMetadata metadata) in _rows)
            MetadataRecord.Write(records, series, metadata.Type, UTF8.GetBytes(metadata.Unit), UTF8.GetBytes(metadata.Help));
        records.End();
    }

    /// <summary>Gives the series their metadata.</summary>
    public void Write()
    {
        foreach ((SeriesRef series, SeriesMetadata metadata) in _rows)
            head.Metadata.Set(series.Value, metadata);
    }

    /// <summary>Forgets all rows.</summary>
    public void Clear() => _rows.Clear();
}
