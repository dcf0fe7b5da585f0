using Forethought.Exposition;
using Forethought.Scrape.Cache;
using Forethought.Storage;

namespace Forethought.Scrape.Samples;

/// <summary>
/// Tells the storage of the family that an exposition is at: once for a series that is new to the cache, and for the others in a scrape in
/// which the family's metadata has changed. For one scrape at a time.
/// </summary>
internal sealed class FamilyMetadata
{
    private MetadataCache _cache = null!;
    private bool _isWanted;
    private int _family;
    private bool _hasChanged;
    private SeriesMetadata? _metadata;
    private byte[] _name = [];
    private MetricType _type;

    /// <summary>Whether series that the cache knows are to be passed too.</summary>
    public bool HasChanged => _hasChanged;

    /// <summary>Begins an exposition.</summary>
    public void Begin(IngestContext context)
    {
        _cache = context.Cache.Metadata;
        _isWanted = context.Rules.PassesMetadata;
        Leave();
    }

    /// <summary>Notes that a line about a family was read.</summary>
    /// <param name="family">Its number in the cache; -1 for a comment.</param>
    public void Enter(int family)
    {
        if (!_isWanted || family < 0)
            return;
        MetricMetadata metadata = _cache.Get(family, out _hasChanged);
        if (family != _family || _hasChanged)
            _metadata = null;
        _family = family;
        _type = metadata.Type;
    }

    /// <summary>Adds the metadata of a series to a batch if it belongs to the family.</summary>
    /// <param name="text">The series as the exposition writes it.</param>
    /// <param name="series">The series.</param>
    /// <param name="batch">Where to add it.</param>
    public void Pass(ReadOnlySpan<byte> text, SeriesRef series, AppendBatch batch)
    {
        if (_family < 0)
            return;
        if (_metadata is null)
            Load();
        int end = text.IndexOfAny("{ \t"u8);
        if (IsPartOf(end < 0 ? text : text[..end], _name, _type))
            batch.Metadata.Add((series, _metadata!));
        else
            Leave();
    }

    // By upstream's isSeriesPartOfFamily: metadata that does not fit is passed on neither now nor for the lines that follow.
    internal static bool IsPartOf(ReadOnlySpan<byte> series, ReadOnlySpan<byte> family, MetricType type)
    {
        if (!series.StartsWith(family))
            return false;
        ReadOnlySpan<byte> rest = series[family.Length..];
        if (rest.IsEmpty)
            return true;
        return type switch
        {
            MetricType.Counter => rest.SequenceEqual("_total"u8),
            MetricType.Histogram => rest.SequenceEqual("_bucket"u8) || rest.SequenceEqual("_sum"u8) || rest.SequenceEqual("_count"u8),
            MetricType.GaugeHistogram => rest.SequenceEqual("_bucket"u8) || rest.SequenceEqual("_gsum"u8) || rest.SequenceEqual("_gcount"u8),
            MetricType.Summary => rest.SequenceEqual("_sum"u8) || rest.SequenceEqual("_count"u8),
            MetricType.Info => rest.SequenceEqual("_info"u8),
            _ => false,
        };
    }

    private void Load()
    {
        MetricMetadata metadata = _cache.Get(_family, out _);
        _metadata = new SeriesMetadata((byte)metadata.Type, metadata.Unit, metadata.Help);
        _name = System.Text.Encoding.UTF8.GetBytes(metadata.MetricFamily);
    }

    private void Leave()
    {
        _family = -1;
        _hasChanged = false;
        _metadata = null;
    }
}
