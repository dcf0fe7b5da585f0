using System.Buffers;

namespace Forethought.Client;

/// <summary>
/// A summary of a stream that answers chosen quantiles within chosen errors of rank, in little memory: the targeted-quantiles
/// algorithm of Cormode, Korn, Muthukrishnan and Srivastava, "Effective Computation of Biased Quantiles over Data Streams"
/// (ICDE 2005), §3–4. Entries are ordered by value; an entry stands for <c>Width</c> observations up to its value, and the rank of
/// its value is known to within <c>Slack</c>. The invariant Width + Slack ≤ max(1, f(rank)) bounds the error. Not thread-safe.
/// </summary>
internal sealed class QuantileSketch(QuantileObjective[] objectives)
{
    private readonly Target[] _targets = [.. objectives.Select(Target.For)];

    // With a little room, so that a sketch of steady size stops allocating.
    private Entry[] _entries = [];
    private int _length;
    private long _count;

    /// <summary>Adds observations in ascending order, none of them NaN.</summary>
    public void Insert(ReadOnlySpan<double> sorted)
    {
        if (sorted.IsEmpty)
            return;
        Entry[] rented = ArrayPool<Entry>.Shared.Rent(_length + sorted.Length);
        Span<Entry> merged = Compress(rented.AsSpan(0, Merge(sorted, rented)));
        if (_entries.Length < merged.Length)
            _entries = new Entry[merged.Length + (merged.Length / 4)];
        merged.CopyTo(_entries);
        _length = merged.Length;
        ArrayPool<Entry>.Shared.Return(rented);
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

    /// <summary>Writes the entries there are and one for each observation, ordered; returns how many.</summary>
    private int Merge(ReadOnlySpan<double> sorted, Span<Entry> merged)
    {
        int read = 0;
        int written = 0;
        long rank = 0;
        foreach (double value in sorted)
        {
            for (; read < _length && _entries[read].Value <= value; read++)
            {
                rank += _entries[read].Width;
                merged[written++] = _entries[read];
            }

            // The ends are exact: nothing lies beyond them.
            bool isEnd = written == 0 || read == _length;
            _count++;
            long slack = isEnd ? 0 : Math.Max(0, (long)AllowedError(rank) - 1);
            merged[written++] = new Entry(value, 1, slack);
            rank++;
        }

        _entries.AsSpan(read, _length - read).CopyTo(merged[written..]);
        return written + _length - read;
    }

    /// <summary>Joins neighbours from the top down where the invariant allows it; the smallest stays by itself.</summary>
    private Span<Entry> Compress(Span<Entry> entries)
    {
        if (entries.Length < 3)
            return entries;
        int kept = entries.Length - 1;
        long rank = _count - entries[kept].Width;
        for (int i = entries.Length - 2; i >= 1; i--)
        {
            Entry entry = entries[i];
            Entry above = entries[kept];
            rank -= entry.Width;
            if (entry.Width + above.Width + above.Slack <= AllowedError(rank))
                entries[kept] = above with { Width = above.Width + entry.Width };
            else
                entries[--kept] = entry;
        }

        entries[--kept] = entries[0];
        return entries[kept..];
    }

    /// <summary>f(r, n) of the paper: the smallest error that any objective allows at a rank.</summary>
    private double AllowedError(double rank)
    {
        double smallest = double.MaxValue;
        foreach (Target target in _targets)
        {
            double allowed = rank < target.Quantile * _count ? target.Below * (_count - rank) : target.Above * rank;
            // False for the infinities and 0·∞ of an objective at an end, whose entry is exact anyway.
            if (allowed < smallest)
                smallest = allowed;
        }

        return smallest;
    }

    /// <summary>An objective as factors of f: of the observations above a rank below it, and of a rank at or above it.</summary>
    private readonly record struct Target(double Quantile, double Below, double Above)
    {
        /// <remarks>
        /// f at ranks below φn exceeds 2εn, its value at φn, by which the paper bounds the error of an answer. Solving for the lowest
        /// rank that can be returned, φn − δn with δ = ε + 2εδ/(1−φ), gives an error of ε/(1 − 2ε/(1−φ)); the sketch works with the
        /// ε that makes this the error asked for.
        /// </remarks>
        public static Target For(QuantileObjective objective)
        {
            double error = objective.Error / (1 + (2 * objective.Error / (1 - objective.Quantile)));
            return new Target(objective.Quantile, 2 * error / (1 - objective.Quantile), 2 * error / objective.Quantile);
        }
    }

    private readonly record struct Entry(double Value, long Width, long Slack);
}
