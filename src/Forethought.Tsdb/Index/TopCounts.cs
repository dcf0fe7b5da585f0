namespace Forethought.Tsdb.Index;

/// <summary>Keeps the entries with the highest counts.</summary>
internal sealed class TopCounts(int limit)
{
    private readonly PriorityQueue<NamedCount, long> _lowestFirst = new();

    /// <summary>Whether an entry with this count would be kept now; lets the caller spare making its text.</summary>
    public bool Takes(long count) =>
        _lowestFirst.Count < limit || (_lowestFirst.TryPeek(out _, out long lowest) && count > lowest);

    /// <summary>Adds an entry if it is among the highest.</summary>
    public void Add(string name, long count)
    {
        if (!Takes(count))
            return;
        _lowestFirst.Enqueue(new NamedCount(name, count), count);
        if (_lowestFirst.Count > limit)
            _lowestFirst.Dequeue();
    }

    /// <summary>The entries, highest first, those of equal count by name.</summary>
    public NamedCount[] Sorted() =>
        [.. _lowestFirst.UnorderedItems.Select(item => item.Element)
            .OrderByDescending(entry => entry.Count).ThenBy(entry => entry.Name, StringComparer.Ordinal)];
}
