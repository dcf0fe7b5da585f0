using System.Diagnostics.CodeAnalysis;
using Forethought.Storage;

namespace Forethought.Tsdb.Head;

/// <summary>
/// The metadata of the head's series, by reference; equal metadata is kept once. Empty unless the log has metadata. Thread-safe.
/// </summary>
internal sealed class HeadMetadata
{
    // Help texts that change all the time must not fill the table.
    private const int MaxShared = 50_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<ulong, SeriesMetadata> _bySeries = [];
    private readonly Dictionary<SeriesMetadata, SeriesMetadata> _shared = [];

    /// <summary>Whether a series has this metadata.</summary>
    public bool Has(ulong series, SeriesMetadata metadata)
    {
        lock (_lock)
            return _bySeries.TryGetValue(series, out SeriesMetadata? known) && known == metadata;
    }

    /// <summary>Finds a series' metadata.</summary>
    public bool TryGet(ulong series, [NotNullWhen(true)] out SeriesMetadata? metadata)
    {
        lock (_lock)
            return _bySeries.TryGetValue(series, out metadata);
    }

    /// <summary>Gives a series metadata in place of what it has.</summary>
    public void Set(ulong series, SeriesMetadata metadata)
    {
        lock (_lock)
        {
            if (!_shared.TryGetValue(metadata, out SeriesMetadata? shared))
            {
                if (_shared.Count == MaxShared)
                    _shared.Clear();
                _shared.Add(metadata, shared = metadata);
            }

            _bySeries[series] = shared;
        }
    }

    /// <summary>Forgets series that were collected.</summary>
    public void Remove(IReadOnlyList<ulong> series)
    {
        lock (_lock)
        {
            foreach (ulong reference in series)
                _bySeries.Remove(reference);
            if (_bySeries.Count == 0)
                _shared.Clear();
        }
    }
}
