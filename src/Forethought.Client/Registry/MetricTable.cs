using Forethought.Encoding;

namespace Forethought.Client;

/// <summary>
/// Everything one scrape collects, in columns that are kept and used again: filled by collectors in any order, then sorted by
/// family name and label values. Not thread-safe.
/// </summary>
internal sealed class MetricTable
{
    private MetricRow[] _rows = new MetricRow[64];
    private int _rowCount;
    private string[] _labels = new string[64];
    private int _labelCount;
    private QuantileValue[] _quantiles = new QuantileValue[16];
    private int _quantileCount;
    private BucketCount[] _buckets = new BucketCount[64];
    private int _bucketCount;
    private Exemplar?[] _exemplars = [];
    private int _exemplarCount;
    private int[] _order = [];

    /// <summary>What went wrong while collecting, in the order of events.</summary>
    public List<string> Errors { get; } = [];

    public int Count => _rowCount;

    /// <summary>The row at a place of the sorted order.</summary>
    public ref readonly MetricRow this[int place] => ref _rows[_order[place]];

    public ReadOnlySpan<string> Labels(in MetricRow row) =>
        (row.Labels ?? _labels).AsSpan(row.LabelStart, row.Descriptor.SortedLabelNames.Length);

    public ReadOnlySpan<QuantileValue> Quantiles(in MetricRow row) => _quantiles.AsSpan(row.ItemStart, row.ItemCount);

    public ReadOnlySpan<BucketCount> Buckets(in MetricRow row) => _buckets.AsSpan(row.ItemStart, row.ItemCount);

    /// <summary>The exemplars of the buckets and, last, of what lies above them; empty for none.</summary>
    public ReadOnlySpan<Exemplar?> BucketExemplars(in MetricRow row) =>
        row.ExemplarStart < 0 ? [] : _exemplars.AsSpan(row.ExemplarStart, row.ItemCount + 1);

    public void AddValue(Metric metric, double value, Exemplar? exemplar)
    {
        ref MetricRow row = ref AddRow(metric);
        row.Value = value;
        row.Exemplar = exemplar;
    }

    public void AddValue(MetricDescriptor descriptor, ReadOnlySpan<string> labelValues, double value) =>
        AddRow(descriptor, labelValues).Value = value;

    /// <summary>Room for the quantiles of the summary that is added next.</summary>
    public Span<QuantileValue> AddQuantiles(ReadOnlySpan<double> quantiles)
    {
        Span<QuantileValue> added = Extend(ref _quantiles, ref _quantileCount, quantiles.Length);
        for (int i = 0; i < added.Length; i++)
            added[i] = new QuantileValue(quantiles[i], double.NaN);
        return added;
    }

    /// <summary>Adds a summary with the last <paramref name="quantiles"/> quantiles added.</summary>
    public void AddSummary(Summary summary, ulong count, double sum, int quantiles)
    {
        ref MetricRow row = ref AddRow(summary);
        SetSummary(ref row, count, sum, quantiles);
    }

    public void AddSummary(
        MetricDescriptor descriptor, ReadOnlySpan<string> labelValues, ulong count, double sum, ReadOnlySpan<QuantileValue> quantiles)
    {
        quantiles.CopyTo(Extend(ref _quantiles, ref _quantileCount, quantiles.Length));
        ref MetricRow row = ref AddRow(descriptor, labelValues);
        SetSummary(ref row, count, sum, quantiles.Length);
    }

    /// <summary>Adds a histogram from its live, not cumulative counts, the last of which lies above all bounds.</summary>
    public void AddHistogram(Histogram histogram, double[] bounds, long[] counts, double sum, Exemplar?[]? exemplars)
    {
        ref MetricRow row = ref AddRow(histogram);
        if (exemplars is not null)
        {
            row.ExemplarStart = _exemplarCount;
            exemplars.CopyTo(Extend(ref _exemplars, ref _exemplarCount, exemplars.Length));
        }

        row.ItemStart = _bucketCount;
        row.ItemCount = bounds.Length;
        Span<BucketCount> buckets = Extend(ref _buckets, ref _bucketCount, bounds.Length);
        ulong cumulative = 0;
        for (int i = 0; i < buckets.Length; i++)
        {
            cumulative += (ulong)Volatile.Read(ref counts[i]);
            buckets[i] = new BucketCount(bounds[i], cumulative);
        }

        row.Count = cumulative + (ulong)Volatile.Read(ref counts[^1]);
        row.Value = sum;
    }

    public void AddHistogram(
        MetricDescriptor descriptor, ReadOnlySpan<string> labelValues, ulong count, double sum, ReadOnlySpan<BucketCount> buckets)
    {
        ref MetricRow row = ref AddRow(descriptor, labelValues);
        row.ItemStart = _bucketCount;
        row.ItemCount = buckets.Length;
        buckets.CopyTo(Extend(ref _buckets, ref _bucketCount, buckets.Length));
        row.Count = count;
        row.Value = sum;
    }

    /// <summary>Sorts, and drops and reports rows that contradict an earlier one of their family.</summary>
    public void Complete()
    {
        if (_order.Length < _rowCount)
            _order = new int[_rows.Length];
        for (int i = 0; i < _rowCount; i++)
            _order[i] = i;
        if (!IsSorted())
            _order.AsSpan(0, _rowCount).Sort(new RowComparer(this));
        DropInconsistent();
    }

    /// <summary>Forgets everything; keeps the memory, but nothing that the rows refer to.</summary>
    public void Clear()
    {
        Array.Clear(_rows, 0, _rowCount);
        Array.Clear(_labels, 0, _labelCount);
        Array.Clear(_exemplars, 0, _exemplarCount);
        _rowCount = _labelCount = _quantileCount = _bucketCount = _exemplarCount = 0;
        Errors.Clear();
    }

    /// <summary>Orders label values of the same names; more labels come after fewer.</summary>
    public static int CompareLabels(ReadOnlySpan<string> a, ReadOnlySpan<string> b)
    {
        if (a.Length != b.Length)
            return a.Length.CompareTo(b.Length);
        for (int i = 0; i < a.Length; i++)
        {
            int difference = ReferenceEquals(a[i], b[i]) ? 0 : string.CompareOrdinal(a[i], b[i]);
            if (difference != 0)
                return difference;
        }

        return 0;
    }

    private static Span<T> Extend<T>(ref T[] column, ref int count, int by)
    {
        if (column.Length - count < by)
            Array.Resize(ref column, Math.Max(column.Length * 2, count + by));
        count += by;
        return column.AsSpan(count - by, by);
    }

    private ref MetricRow AddRow(Metric metric)
    {
        ref MetricRow row = ref Extend(ref _rows, ref _rowCount, 1)[0];
        row = new MetricRow { Descriptor = metric.Descriptor, Labels = metric.Labels, ExemplarStart = -1, Created = metric.Created };
        return ref row;
    }

    private ref MetricRow AddRow(MetricDescriptor descriptor, ReadOnlySpan<string> labelValues)
    {
        int start = _labelCount;
        descriptor.OrderLabels(labelValues, Extend(ref _labels, ref _labelCount, descriptor.SortedLabelNames.Length));
        ref MetricRow row = ref Extend(ref _rows, ref _rowCount, 1)[0];
        row = new MetricRow { Descriptor = descriptor, LabelStart = start, ExemplarStart = -1 };
        return ref row;
    }

    private void SetSummary(ref MetricRow row, ulong count, double sum, int quantiles)
    {
        row.ItemStart = _quantileCount - quantiles;
        row.ItemCount = quantiles;
        row.Count = count;
        row.Value = sum;
    }

    private bool IsSorted()
    {
        for (int i = 1; i < _rowCount; i++)
        {
            if (Compare(i - 1, i) > 0)
                return false;
        }

        return true;
    }

    private int Compare(int a, int b)
    {
        ref readonly MetricRow left = ref _rows[a];
        ref readonly MetricRow right = ref _rows[b];
        if (!ReferenceEquals(left.Descriptor, right.Descriptor))
        {
            int byName = string.CompareOrdinal(left.Descriptor.Name, right.Descriptor.Name);
            if (byName != 0)
                return byName;
        }

        return CompareLabels(Labels(left), Labels(right));
    }

    private void DropInconsistent()
    {
        int kept = 0;
        for (int i = 0; i < _rowCount; i++)
        {
            ref readonly MetricRow row = ref _rows[_order[i]];
            if (kept > 0 && Contradiction(_rows[_order[kept - 1]], row) is { } error)
                Errors.Add(error);
            else
                _order[kept++] = _order[i];
        }

        _rowCount = kept;
    }

    /// <summary>Why a row cannot follow another in one exposition; null if it can.</summary>
    private string? Contradiction(in MetricRow before, in MetricRow row)
    {
        MetricDescriptor descriptor = row.Descriptor;
        bool sameDescriptor = ReferenceEquals(before.Descriptor, descriptor);
        if (!sameDescriptor && before.Descriptor.Name != descriptor.Name)
            return null;
        if (before.Descriptor.Help != descriptor.Help)
        {
            return $"collected metric {descriptor.Name} {Describe(row)} has help {GoQuote.Quote(descriptor.Help)} "
                + $"but should have {GoQuote.Quote(before.Descriptor.Help)}";
        }

        if (before.Descriptor.Type != descriptor.Type)
            return $"collected metric {descriptor.Name} {Describe(row)} should be a {before.Descriptor.Type}";
        return CompareLabels(Labels(before), Labels(row)) == 0
            && (sameDescriptor || before.Descriptor.SortedLabelNames.AsSpan().SequenceEqual(descriptor.SortedLabelNames))
            ? $"collected metric {GoQuote.Quote(descriptor.Name)} {{ {Describe(row)}}} was collected before "
                + "with the same name and label values"
            : null;
    }

    private string Describe(in MetricRow row)
    {
        ReadOnlySpan<string> values = Labels(row);
        var labels = new System.Text.StringBuilder();
        for (int i = 0; i < values.Length; i++)
            labels.Append($"label:{{name:{GoQuote.Quote(row.Descriptor.SortedLabelNames[i])} value:{GoQuote.Quote(values[i])}}} ");
        return labels.ToString();
    }

    private readonly struct RowComparer(MetricTable table) : IComparer<int>
    {
        // Rows that compare equal keep the order in which they came.
        public int Compare(int x, int y) => table.Compare(x, y) is var order && order != 0 ? order : x.CompareTo(y);
    }
}
