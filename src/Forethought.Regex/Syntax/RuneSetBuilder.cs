using Forethought.Regex.Unicode;

namespace Forethought.Regex.Syntax;

/// <summary>Collects ranges in any order, overlapping or not, into a <see cref="RuneSet"/>.</summary>
internal sealed class RuneSetBuilder
{
    private readonly List<(int First, int Last)> _ranges = [];

    /// <summary>Adds a range and, if asked, all runes that differ from one of it only by case.</summary>
    internal void AddRange(int first, int last, bool foldCase)
    {
        _ranges.Add((first, last));
        if (foldCase)
            CaseFolding.AddFoldings(first, last, other => _ranges.Add((other, other)));
    }

    internal void AddSet(RuneSet set, bool foldCase = false)
    {
        ReadOnlySpan<int> bounds = set.Bounds;
        for (int i = 0; i < bounds.Length; i += 2)
            AddRange(bounds[i], bounds[i + 1], foldCase);
    }

    internal void AddComplement(RuneSet set)
    {
        int next = 0;
        ReadOnlySpan<int> bounds = set.Bounds;
        for (int i = 0; i < bounds.Length; i += 2)
        {
            if (bounds[i] > next)
                _ranges.Add((next, bounds[i] - 1));
            next = bounds[i + 1] + 1;
        }

        if (next <= RuneSet.MaxRune)
            _ranges.Add((next, RuneSet.MaxRune));
    }

    internal RuneSet Build()
    {
        _ranges.Sort();
        var bounds = new List<int>(_ranges.Count * 2);
        foreach ((int first, int last) in _ranges)
        {
            if (bounds.Count > 0 && first <= bounds[^1] + 1)
            {
                bounds[^1] = Math.Max(bounds[^1], last);
                continue;
            }

            bounds.Add(first);
            bounds.Add(last);
        }

        return new RuneSet([.. bounds]);
    }

    internal RuneSet BuildComplement()
    {
        var complement = new RuneSetBuilder();
        complement.AddComplement(Build());
        return complement.Build();
    }
}
