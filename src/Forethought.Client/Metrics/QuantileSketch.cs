namespace Forethought.Client;

/// <summary>
/// A summary of a stream that answers chosen quantiles within chosen errors of rank, in little memory: the targeted-quantiles
/// algorithm of Cormode, Korn, Muthukrishnan and Srivastava, "Effective Computation of Biased Quantiles over Data Streams"
/// (ICDE 2005), §3–4. Entries are ordered by value; an entry stands for <c>Width</c> observations up to its value, and the rank of
/// its value is known to within <c>Slack</c>. The invariant Width + Slack ≤ max(1, f(rank)) bounds the error. Not thread-safe.
/// </summary>
internal sealed class QuantileSketch(QuantileObjective[] objectives)
{
    private Entry[] _entries = new Entry[64];

    // The other half of merging; the two change places.
    private Entry[] _merged = new Entry[64];
    private int _length;
    private long _count;

    /// <summary>Adds observations in ascending order, none of them NaN.</summary>
    public void Insert(ReadOnlySpan<double> sorted)
    {
        if (sorted.IsEmpty)
            return;
        if (_merged.Length < _length + sorted.Length)
            _merged = new Entry[(_length + sorted.Length) * 2];
        int read = 0;
        int written = 0;
        long rank = 0;
        foreach (double value in sorted)
        {
            for (; read < _length && _entries[read].Value <= value; read++)
            {
                rank += _entries[read].Width;
                _merged[written++] = _entries[read];
            }

            // The ends are exact: nothing lies beyond them.
            bool atEnd = written == 0 || read == _length;
            _count++;
            long slack = atEnd ? 0 : Math.Max(0, (long)Math.Floor(AllowedError(rank)) - 1);
            _merged[written++] = new Entry(value, 1, slack);
            rank++;
        }

        _entries.AsSpan(read, _length - read).CopyTo(_merged.AsSpan(written));
        _length = written + (_length - read);
        (_entries, _merged) = (_merged, _entries);
        Compress();
    }

    /// <summary>The estimate of a quantile, 0 to 1; NaN without observations.</summary>
    public double Query(double quantile)
    {
        if (_length == 0)
            return double.NaN;
        if (quantile is 0 or 1)
            return _entries[quantile == 0 ? 0 : _length - 1].Value;
        double target = Math.Ceiling(quantile * _count);
        target += Math.Ceiling(AllowedError(target) / 2);
        long rank = 0;
        for (int i = 1; i < _length; i++)
        {
            rank += _entries[i - 1].Width;
            if (rank + _entries[i].Width + _entries[i].Slack > target)
                return _entries[i - 1].Value;
        }

        return _entries[_length - 1].Value;
    }

    /// <summary>Forgets everything; keeps the memory.</summary>
    public void Clear()
    {
        _length = 0;
        _count = 0;
    }

    /// <summary>Joins neighbours from the top down where the invariant allows it; the smallest stays by itself.</summary>
    private void Compress()
    {
        if (_length < 3)
            return;
        int kept = _length - 1;
        long rank = _count - _entries[kept].Width;
        for (int i = _length - 2; i >= 1; i--)
        {
            ref readonly Entry entry = ref _entries[i];
            rank -= entry.Width;
            Entry above = _entries[kept];
            if (entry.Width + above.Width + above.Slack <= AllowedError(rank))
                _entries[kept] = above with { Width = above.Width + entry.Width };
            else
                _entries[--kept] = entry;
        }

        _entries[kept - 1] = _entries[0];
        _length -= kept - 1;
        _entries.AsSpan(kept - 1, _length).CopyTo(_entries);
    }

    /// <summary>f(r, n) of the paper: the smallest error that any objective allows at a rank.</summary>
    private double AllowedError(double rank)
    {
        double smallest = double.MaxValue;
        foreach (QuantileObjective objective in objectives)
        {
            double allowed = objective.Quantile * _count <= rank
                ? 2 * objective.Error * rank / objective.Quantile
                : 2 * objective.Error * (_count - rank) / (1 - objective.Quantile);
            // False for the 0/0 of an objective at an end, whose entry is exact anyway.
            if (allowed < smallest)
                smallest = allowed;
        }

        return smallest;
    }

    private readonly record struct Entry(double Value, long Width, long Slack);
}
