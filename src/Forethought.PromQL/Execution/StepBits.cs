using System.Numerics;
using System.Runtime.Intrinsics;

namespace Forethought.PromQL.Execution;

/// <summary>One bit a step in words of 64, step 0 in the lowest bit of the first word; bits behind the last step are zero.</summary>
internal static class StepBits
{
    private static readonly Vector512<long> LaneBits = Vector512.Create(1L, 2, 4, 8, 16, 32, 64, 128);

    /// <summary>The words that a number of steps needs.</summary>
    public static int Words(int steps) => (steps + 63) >> 6;

    public static bool Has(ulong[] bits, int step) => (bits[step >> 6] >> (step & 63) & 1) != 0;

    public static void Set(ulong[] bits, int step) => bits[step >> 6] |= 1UL << (step & 63);

    public static void Clear(ulong[] bits, int step) => bits[step >> 6] &= ~(1UL << (step & 63));

    /// <summary>Sets the bits of the first <paramref name="steps"/> steps and no other.</summary>
    public static void SetFirst(ulong[] bits, int steps)
    {
        int full = steps >> 6;
        bits.AsSpan(0, full).Fill(ulong.MaxValue);
        bits.AsSpan(full).Clear();
        if ((steps & 63) != 0)
            bits[full] = (1UL << (steps & 63)) - 1;
    }

    public static int Count(ulong[] bits)
    {
        int count = 0;
        foreach (ulong word in bits)
            count += BitOperations.PopCount(word);
        return count;
    }

    public static bool IsEmpty(ulong[] bits) => !bits.AsSpan().ContainsAnyExcept(0UL);

    public static bool Overlap(ulong[] left, ulong[] right)
    {
        for (int i = 0; i < left.Length; i++)
        {
            if ((left[i] & right[i]) != 0)
                return true;
        }

        return false;
    }

    public static void Or(ulong[] target, ulong[] other)
    {
        for (int i = 0; i < target.Length; i++)
            target[i] |= other[i];
    }

    /// <summary>All ones in the lanes of the eight steps from <paramref name="step"/> (a multiple of 8) that are set.</summary>
    public static Vector512<double> Lanes(ulong[] bits, int step) => LanesOf((byte)(bits[step >> 6] >> (step & 63)));

    /// <summary>All ones in the lanes whose bit is set.</summary>
    public static Vector512<double> LanesOf(byte eight) =>
        Vector512.Equals(Vector512.Create((long)eight) & LaneBits, LaneBits).AsDouble();

    /// <summary>Walks the set steps in order.</summary>
    public static Walker Walk(ulong[] bits) => new(bits);

    /// <summary>An enumerator over the set bits.</summary>
    internal struct Walker(ulong[] bits)
    {
        private int _word = -1;
        private ulong _rest;

        public int Current { get; private set; }

        public bool MoveNext()
        {
            while (_rest == 0)
            {
                if (++_word >= bits.Length)
                    return false;
                _rest = bits[_word];
            }

            Current = (_word << 6) + BitOperations.TrailingZeroCount(_rest);
            _rest &= _rest - 1;
            return true;
        }

        public readonly Walker GetEnumerator() => this;
    }
}
