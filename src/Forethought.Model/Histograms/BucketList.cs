namespace Forethought.Model;

/// <summary>
/// One side of a histogram written out as ascending bucket indexes with their counts and, for compensated sums, the
/// compensations: the form in which histograms of different layouts are merged. Reused scratch; not thread-safe.
/// </summary>
internal sealed class BucketList
{
    private int[] _indexes = new int[16];
    private double[] _counts = new double[16];
    private double[] _compensations = new double[16];

    public int Count { get; private set; }

    /// <summary>Takes the buckets of one side, merged into <paramref name="targetSchema"/> where that is lower.</summary>
    public void Load(
        ReadOnlySpan<HistogramSpan> spans,
        ReadOnlySpan<double> counts,
        ReadOnlySpan<double> compensations,
        int schema,
        int targetSchema,
        bool compensated)
    {
        Count = 0;
        var cursor = new BucketCursor(spans, counts.Length);
        while (cursor.MoveNext())
        {
            int index = schema == targetSchema ? cursor.Index : HistogramBounds.IndexAtSchema(cursor.Index, schema, targetSchema);
            double compensation = compensations.IsEmpty ? 0 : compensations[cursor.Position];
            if (Count > 0 && _indexes[Count - 1] == index)
                Accumulate(Count - 1, counts[cursor.Position], compensation, compensated);
            else
                Append(index, counts[cursor.Position], compensation);
        }
    }

    /// <summary>Drops leading buckets whose upper bound does not exceed a threshold: they belong to the zero bucket.</summary>
    public void DropUpTo(double threshold, int schema)
    {
        int dropped = 0;
        while (dropped < Count && HistogramBounds.Exponential(_indexes[dropped], schema) <= threshold)
            dropped++;
        if (dropped == 0)
            return;
        Count -= dropped;
        Array.Copy(_indexes, dropped, _indexes, 0, Count);
        Array.Copy(_counts, dropped, _counts, 0, Count);
        Array.Copy(_compensations, dropped, _compensations, 0, Count);
    }

    /// <summary>Becomes the union of two lists: counts of <paramref name="other"/> are added times <paramref name="sign"/> (±1).</summary>
    public void SetSum(BucketList left, BucketList other, double sign, bool compensated)
    {
        Count = 0;
        int i = 0, j = 0;
        while (i < left.Count || j < other.Count)
        {
            bool takeLeft = j == other.Count || (i < left.Count && left._indexes[i] <= other._indexes[j]);
            bool takeOther = i == left.Count || (j < other.Count && other._indexes[j] <= left._indexes[i]);
            Append(takeLeft ? left._indexes[i] : other._indexes[j], takeLeft ? left._counts[i] : 0, takeLeft ? left._compensations[i] : 0);
            if (takeOther)
            {
                if (takeLeft)
                    Accumulate(Count - 1, sign * other._counts[j], other._compensations[j], compensated);
                else
                    (_counts[Count - 1], _compensations[Count - 1]) = (sign * other._counts[j], other._compensations[j]);
            }

            i += takeLeft ? 1 : 0;
            j += takeOther ? 1 : 0;
        }
    }

    /// <summary>
    /// Adds the buckets of a custom-bounds histogram to the buckets of coarser bounds, which are a subset of its own. The list
    /// must have been prepared by <see cref="SetDense"/>.
    /// </summary>
    public void AccumulateCustom(
        ReadOnlySpan<HistogramSpan> spans,
        ReadOnlySpan<double> counts,
        ReadOnlySpan<double> compensations,
        ReadOnlySpan<double> bounds,
        ReadOnlySpan<double> targetBounds,
        double sign)
    {
        int target = 0;
        var cursor = new BucketCursor(spans, counts.Length);
        while (cursor.MoveNext())
        {
            if (cursor.Index >= bounds.Length)
                target = targetBounds.Length;
            while (target < targetBounds.Length && targetBounds[target] < bounds[cursor.Index])
                target++;
            KahanSum.Add(sign * counts[cursor.Position], ref _counts[target], ref _compensations[target]);
            if (!compensations.IsEmpty)
                KahanSum.Add(compensations[cursor.Position], ref _counts[target], ref _compensations[target]);
        }
    }

    /// <summary>Becomes the buckets 0…<paramref name="count"/>−1, all empty.</summary>
    public void SetDense(int count)
    {
        Count = 0;
        for (int i = 0; i < count; i++)
            Append(i, 0, 0);
    }

    /// <summary>Drops buckets whose count and compensation are both zero.</summary>
    public void DropEmpty()
    {
        int kept = 0;
        for (int i = 0; i < Count; i++)
        {
            if (_counts[i] == 0 && _compensations[i] == 0)
                continue;
            (_indexes[kept], _counts[kept], _compensations[kept]) = (_indexes[i], _counts[i], _compensations[i]);
            kept++;
        }

        Count = kept;
    }

    /// <summary>Writes the buckets back as spans and counts; arrays of the right length are kept and overwritten.</summary>
    public void Store(ref HistogramSpan[] spans, ref double[] counts)
    {
        int spanCount = 0;
        for (int i = 0; i < Count; i++)
        {
            if (i == 0 || _indexes[i] != _indexes[i - 1] + 1)
                spanCount++;
        }

        if (spans.Length != spanCount)
            spans = new HistogramSpan[spanCount];
        spanCount = 0;
        for (int i = 0; i < Count; i++)
        {
            if (i == 0)
                spans[spanCount++] = new HistogramSpan(_indexes[0], 1);
            else if (_indexes[i] != _indexes[i - 1] + 1)
                spans[spanCount++] = new HistogramSpan(_indexes[i] - _indexes[i - 1] - 1, 1);
            else
                spans[spanCount - 1] = spans[spanCount - 1] with { Length = spans[spanCount - 1].Length + 1 };
        }

        if (counts.Length != Count)
            counts = new double[Count];
        Array.Copy(_counts, counts, Count);
    }

    /// <summary>Writes the compensations back, aligned with the counts of <see cref="Store"/>.</summary>
    public void StoreCompensations(ref double[] compensations)
    {
        if (compensations.Length != Count)
            compensations = new double[Count];
        Array.Copy(_compensations, compensations, Count);
    }

    private void Accumulate(int position, double count, double compensation, bool compensated)
    {
        if (!compensated)
        {
            _counts[position] += count;
            return;
        }

        KahanSum.Add(count, ref _counts[position], ref _compensations[position]);
        KahanSum.Add(compensation, ref _counts[position], ref _compensations[position]);
    }

    private void Append(int index, double count, double compensation)
    {
        if (Count == _indexes.Length)
        {
            Array.Resize(ref _indexes, 2 * Count);
            Array.Resize(ref _counts, 2 * Count);
            Array.Resize(ref _compensations, 2 * Count);
        }

        _indexes[Count] = index;
        _counts[Count] = count;
        _compensations[Count++] = compensation;
    }
}
