using System.Collections.Concurrent;
using Forethought.Encoding;

namespace Forethought.Client;

/// <summary>
/// Metrics of one name told apart by the values of their labels. Thread-safe. Looking up a child that exists takes no lock and does
/// not allocate; hot paths should still look it up once and keep it. A child that was removed goes on working for those who hold
/// it, but is no longer exposed, also when another with the same values is made.
/// </summary>
/// <typeparam name="TMetric">The kind of metric.</typeparam>
public abstract class MetricFamily<TMetric> : ICollector
    where TMetric : Metric
{
    private static readonly Comparison<TMetric> ByLabels = (a, b) => MetricTable.CompareLabels(a.Labels, b.Labels);

    private readonly ConcurrentDictionary<string[], TMetric> _children = new(LabelValuesComparer.Instance);
    private readonly ConcurrentDictionary<string[], TMetric>.AlternateLookup<ReadOnlySpan<string>> _lookup;
    private readonly Lock _lock = new();

    // The children in order of exposition, or null after a change. Written only under the lock.
    private TMetric[]? _ordered = [];

    private protected MetricFamily(MetricDescriptor descriptor)
    {
        Descriptor = descriptor;
        _lookup = _children.GetAlternateLookup<ReadOnlySpan<string>>();
    }

    /// <summary>Name, help, type and the names of the labels.</summary>
    public MetricDescriptor Descriptor { get; }

    /// <inheritdoc/>
    public IReadOnlyList<MetricDescriptor> Descriptors => Descriptor.AsList;

    /// <summary>The number of children.</summary>
    public int Count => _children.Count;

    /// <summary>
    /// The child with these label values, made if it is not there; values in the order of <see cref="MetricDescriptor.LabelNames"/>.
    /// </summary>
    /// <exception cref="ArgumentException">The number of values is not that of the labels, or one is not valid UTF-8.</exception>
    public TMetric WithLabels(params ReadOnlySpan<string> values) =>
        _lookup.TryGetValue(values, out TMetric? child) ? child : Add(values);

    /// <summary>Removes the child with these label values; false if there is none.</summary>
    public bool Remove(params ReadOnlySpan<string> values)
    {
        lock (_lock)
        {
            bool removed = _lookup.TryRemove(values, out _);
            if (removed)
                Volatile.Write(ref _ordered, null);
            return removed;
        }
    }

    /// <summary>Removes the children whose label <paramref name="labelName"/> has the given value; returns how many there were.</summary>
    /// <exception cref="ArgumentException">The family has no variable label of that name.</exception>
    public int RemoveMatching(string labelName, string value)
    {
        int index = Descriptor.IndexOfLabel(labelName);
        if (index < 0)
            throw new ArgumentException($"metric {GoQuote.Quote(Descriptor.Name)} has no label {GoQuote.Quote(labelName)}");
        lock (_lock)
        {
            int removed = 0;
            foreach (KeyValuePair<string[], TMetric> child in _children)
            {
                if (child.Key[index] == value && _children.TryRemove(child))
                    removed++;
            }

            Volatile.Write(ref _ordered, null);
            return removed;
        }
    }

    /// <summary>Removes all children.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            _children.Clear();
            Volatile.Write(ref _ordered, null);
        }
    }

    /// <inheritdoc/>
    public void Collect(MetricWriter writer)
    {
        foreach (TMetric child in Volatile.Read(ref _ordered) ?? Order())
            child.Collect(writer);
    }

    /// <summary>A new metric for the values of all labels, in name order.</summary>
    private protected abstract TMetric CreateChild(string[] labels);

    private TMetric Add(ReadOnlySpan<string> values)
    {
        Descriptor.CheckCardinality(values);
        foreach (string value in values)
            MetricDescriptor.CheckLabelValue(value);
        var labels = new string[Descriptor.SortedLabelNames.Length];
        Descriptor.OrderLabels(values, labels);
        lock (_lock)
        {
            if (_lookup.TryGetValue(values, out TMetric? existing))
                return existing;
            TMetric child = CreateChild(labels);
            _lookup.TryAdd(values, child);
            Volatile.Write(ref _ordered, null);
            return child;
        }
    }

    private TMetric[] Order()
    {
        lock (_lock)
        {
            TMetric[] ordered = [.. _children.Values];
            Array.Sort(ordered, ByLabels);
            Volatile.Write(ref _ordered, ordered);
            return ordered;
        }
    }
}
