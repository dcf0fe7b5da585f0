using System.Collections.Concurrent;
using Forethought.Exposition;

namespace Forethought.Scrape.Cache;

/// <summary>
/// The metadata of one target's families. A family is kept for ten scrapes after it was seen last. Written by the target's scrape loop,
/// read by the API; thread-safe.
/// </summary>
/// <param name="shared">Equal metadata of the targets of a pool, kept once.</param>
internal sealed class MetadataCache(ConcurrentDictionary<MetricMetadata, MetricMetadata> shared)
{
    private const int KeptScrapes = 10;
    private const int MaxShared = 50_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly List<Family> _families = [];
    private readonly Stack<int> _free = [];
    private uint _scrape;

    public int Count
    {
        get
        {
            lock (_lock)
                return _numbers.Count;
        }
    }

    /// <summary>The bytes of help texts, units and types.</summary>
    public int Size
    {
        get
        {
            lock (_lock)
                return _numbers.Values.Sum(number => SizeOf(_families[number].Metadata!));
        }
    }

    public IReadOnlyList<MetricMetadata> List()
    {
        lock (_lock)
            return [.. _numbers.Values.Select(number => _families[number].Metadata!)];
    }

    /// <summary>Notes a type and returns the family's number.</summary>
    public int SetType(ReadOnlySpan<byte> family, MetricType type) =>
        Set(family, type, static (metadata, type) => metadata with { Type = type });

    /// <summary>Notes a help text and returns the family's number.</summary>
    public int SetHelp(ReadOnlySpan<byte> family, ReadOnlySpan<byte> help) =>
        Set(family, Text(help), static (metadata, help) => metadata with { Help = help });

    /// <summary>Notes a unit and returns the family's number.</summary>
    public int SetUnit(ReadOnlySpan<byte> family, ReadOnlySpan<byte> unit) =>
        Set(family, Text(unit), static (metadata, unit) => metadata with { Unit = unit });

    /// <summary>Notes that a line about a family was seen again.</summary>
    public void Touch(int number)
    {
        // Without the lock: only the loop writes, and the API does not look at it.
        if (number >= 0)
            System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_families)[number].LastSeen = _scrape;
    }

    /// <summary>What is known of a family, and whether this scrape has changed it. For the scrape loop only.</summary>
    public MetricMetadata Get(int number, out bool hasChanged)
    {
        ref Family family = ref System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_families)[number];
        hasChanged = family.LastChanged == _scrape;
        return family.Metadata!;
    }

    /// <summary>Ends a scrape; <paramref name="flush"/> forgets families that were not seen for long.</summary>
    public void EndScrape(bool flush)
    {
        if (flush)
            RemoveOld();
        _scrape++;
    }

    private int Set<T>(ReadOnlySpan<byte> name, T value, Func<MetricMetadata, T, MetricMetadata> change)
    {
        string family = Text(name);
        lock (_lock)
        {
            if (!_numbers.TryGetValue(family, out int number))
            {
                number = Add(family);
                _numbers.Add(family, number);
            }

            Family before = _families[number];
            MetricMetadata metadata = Share(change(before.Metadata!, value));
            uint changed = metadata == before.Metadata ? before.LastChanged : _scrape;
            _families[number] = new Family { Metadata = metadata, LastSeen = _scrape, LastChanged = changed };
            return number;
        }
    }

    private int Add(string family)
    {
        var metadata = new Family { Metadata = new MetricMetadata(family, MetricType.Unknown, "", ""), LastChanged = _scrape };
        if (_free.TryPop(out int number))
        {
            _families[number] = metadata;
            return number;
        }

        _families.Add(metadata);
        return _families.Count - 1;
    }

    private MetricMetadata Share(MetricMetadata metadata)
    {
        // Help texts that change with every scrape must not fill the pool's table.
        if (shared.Count > MaxShared)
            shared.Clear();
        return shared.GetOrAdd(metadata, metadata);
    }

    private void RemoveOld()
    {
        lock (_lock)
        {
            foreach ((string family, int number) in _numbers)
            {
                if (_scrape - _families[number].LastSeen <= KeptScrapes)
                    continue;
                _numbers.Remove(family);
                _families[number] = default;
                _free.Push(number);
            }
        }
    }

    private static int SizeOf(MetricMetadata metadata) =>
        System.Text.Encoding.UTF8.GetByteCount(metadata.Help + metadata.Unit) + metadata.Type.Name().Length;

    private static string Text(ReadOnlySpan<byte> utf8) => System.Text.Encoding.UTF8.GetString(utf8);

    private struct Family
    {
        public MetricMetadata? Metadata;
        public uint LastSeen;
        public uint LastChanged;
    }
}
