using Forethought.Exposition;
using Forethought.Storage;

namespace Forethought.Scrape.Cache;

/// <summary>
/// One line of an exposition as the cache knows it: 16 bytes. The second word, from its low end: kind 2 bits, seen, tracked and
/// was-tracked 1 bit each, 1 bit spare, length of the text 16 bits, payload 42 bits.
/// </summary>
/// <remarks>
/// The payload is the series' reference, or of a metadata line the metric type (low 3 bits) and the number of the family. A reference above
/// 2^42 or a text above 64 KiB does not fit: such lines are not cached (<see cref="ScrapeCache"/>).
/// </remarks>
internal struct CacheEntry
{
    /// <summary>The longest text that is cached, in bytes.</summary>
    public const int MaxLength = 0xffff;

    /// <summary>The largest reference that is cached.</summary>
    public const ulong MaxReference = (1UL << 42) - 1;

    private const ulong KindMask = 0b11;
    private const ulong SeenBit = 1 << 2;
    private const ulong TrackedBit = 1 << 3;
    private const ulong WasTrackedBit = 1 << 4;
    private const int LengthShift = 6;
    private const int PayloadShift = 22;

    private ulong _word;

    private CacheEntry(ulong hash, CacheEntryKind kind, int length, ulong payload)
    {
        Hash = hash;
        _word = (ulong)kind | ((ulong)length << LengthShift) | (payload << PayloadShift);
    }

    /// <summary>The <see cref="SeriesHash"/> of the text.</summary>
    public ulong Hash { get; }

    public readonly CacheEntryKind Kind => (CacheEntryKind)(_word & KindMask);

    /// <summary>The bytes of the text that <see cref="Hash"/> covers.</summary>
    public readonly int Length => (int)(_word >> LengthShift) & MaxLength;

    public readonly SeriesRef Series => new(_word >> PayloadShift);

    public readonly MetricType Type => (MetricType)((_word >> PayloadShift) & 7);

    /// <summary>The number of the family in the metadata cache; -1 for a comment.</summary>
    public readonly int Family => (int)(_word >> (PayloadShift + 3)) - 1;

    /// <summary>Whether this scrape has the line.</summary>
    public readonly bool IsSeen => (_word & SeenBit) != 0;

    /// <summary>Whether this scrape has a sample of the series that makes it stale when it goes missing.</summary>
    public readonly bool IsTracked => (_word & TrackedBit) != 0;

    /// <summary>Whether the series was tracked before this scrape and is not any more.</summary>
    public readonly bool IsVanished => (_word & (TrackedBit | WasTrackedBit)) == WasTrackedBit;

    public static CacheEntry ForSeries(ulong hash, int length, SeriesRef series) => new(hash, CacheEntryKind.Series, length, series.Value);

    public static CacheEntry ForDropped(ulong hash, int length) => new(hash, CacheEntryKind.Dropped, length, 0);

    public static CacheEntry ForLine(ulong hash, int length, MetricType type, int family) =>
        new(hash, CacheEntryKind.Line, length, (ulong)type | ((ulong)(family + 1) << 3));

    public void See() => _word |= SeenBit;

    /// <summary>A removed entry stays untracked: nothing will ever make it stale.</summary>
    public void Track()
    {
        if (Kind != CacheEntryKind.Removed)
            _word |= TrackedBit;
    }

    public void Unsee() => _word &= ~(SeenBit | TrackedBit);

    public void Untrack() => _word &= ~TrackedBit;

    public void Remove() => _word &= ~(KindMask | WasTrackedBit | TrackedBit);

    /// <summary>Makes this scrape the previous one.</summary>
    public void EndScrape()
    {
        ulong wasTracked = (_word & TrackedBit) << 1;
        _word = (_word & ~(SeenBit | TrackedBit | WasTrackedBit)) | wasTracked;
    }
}
