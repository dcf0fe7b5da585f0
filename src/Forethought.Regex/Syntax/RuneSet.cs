namespace Forethought.Regex.Syntax;

/// <summary>An immutable set of runes as sorted ranges that neither overlap nor touch.</summary>
internal sealed class RuneSet
{
    internal const int MaxRune = 0x10FFFF;

    /// <summary>First and last rune of each range, alternating.</summary>
    private readonly int[] _bounds;

    private readonly ulong _ascii0;
    private readonly ulong _ascii1;

    /// <summary>Takes ownership of <paramref name="bounds"/>, which must fulfil the rules above.</summary>
    internal RuneSet(int[] bounds)
    {
        _bounds = bounds;
        for (int i = 0; i < bounds.Length; i += 2)
        {
            for (int rune = bounds[i]; rune <= Math.Min(bounds[i + 1], 127); rune++)
            {
                if (rune < 64)
                    _ascii0 |= 1UL << rune;
                else
                    _ascii1 |= 1UL << (rune - 64);
            }
        }
    }

    /// <summary>Every rune.</summary>
    internal static RuneSet Any { get; } = new([0, MaxRune]);

    /// <summary>Every rune but the newline.</summary>
    internal static RuneSet AnyButNewline { get; } = new([0, '\n' - 1, '\n' + 1, MaxRune]);

    internal static RuneSet Word { get; } = new(['0', '9', 'A', 'Z', '_', '_', 'a', 'z']);

    internal static RuneSet Newline { get; } = new(['\n', '\n']);

    internal ReadOnlySpan<int> Bounds => _bounds;

    internal bool IsAny => _bounds is [0, MaxRune];

    /// <summary>The number of runes.</summary>
    internal int Count
    {
        get
        {
            int count = 0;
            for (int i = 0; i < _bounds.Length; i += 2)
                count += _bounds[i + 1] - _bounds[i] + 1;
            return count;
        }
    }

    internal bool Contains(int rune)
    {
        if (rune < 128)
            return ((rune < 64 ? _ascii0 >> rune : _ascii1 >> (rune - 64)) & 1) != 0;

        int low = 0, high = _bounds.Length / 2 - 1;
        while (low <= high)
        {
            int middle = (low + high) >>> 1;
            if (rune < _bounds[2 * middle])
                high = middle - 1;
            else if (rune > _bounds[2 * middle + 1])
                low = middle + 1;
            else
                return true;
        }

        return false;
    }

    /// <summary>All runes, smallest first.</summary>
    internal IEnumerable<int> Runes()
    {
        for (int i = 0; i < _bounds.Length; i += 2)
        {
            for (int rune = _bounds[i]; rune <= _bounds[i + 1]; rune++)
                yield return rune;
        }
    }
}
