using Forethought.Model;
using Forethought.Tsdb.Head;
using Forethought.Tsdb.Memory;

namespace Forethought.Tsdb.Index;

/// <summary>
/// Counts series by label pair for the status page, name by name: the index lock is held only to list a name's values. For one use.
/// </summary>
internal sealed class CardinalityCounter(HeadState head, string labelName, int limit)
{
    private readonly TopCounts _byValue = new(limit);
    private readonly TopCounts _valuesByName = new(limit);
    private readonly TopCounts _bytesByName = new(limit);
    private readonly TopCounts _byPair = new(limit);

    public HeadCardinality Count()
    {
        EpochPin pin = head.Epochs.Pin();
        try
        {
            LabelName[] names;
            lock (head.Index.Lock)
                names = [.. head.Index.Pairs.Names.Where(name => name.Count > 0)];
            foreach (LabelName name in names)
                Count(name);
        }
        finally
        {
            head.Epochs.Unpin(pin);
        }

        return new HeadCardinality(_byValue.Sorted(), _valuesByName.Sorted(), _bytesByName.Sorted(), _byPair.Sorted());
    }

    private void Count(LabelName name)
    {
        uint[] pairs;
        lock (head.Index.Lock)
            pairs = name.Pairs.ToArray();
        long bytes = 0;
        foreach (uint number in pairs)
        {
            ref LabelPair pair = ref head.Index.Pairs[number];
            int series = Volatile.Read(ref pair.SeriesCount);
            bytes += (long)(PackedLabels.SizeOf(name.Utf8.Length) + PackedLabels.SizeOf(pair.ValueLength)) * series;
            if (_byPair.Takes(series))
                _byPair.Add($"{name.Text}={Text(pair)}", series);
            if (name.Text == labelName && _byValue.Takes(series))
                _byValue.Add(Text(pair), series);
        }

        _valuesByName.Add(name.Text, pairs.Length);
        _bytesByName.Add(name.Text, bytes);
    }

    private static string Text(in LabelPair pair) => System.Text.Encoding.UTF8.GetString(pair.ValueBytes);
}
