using System.Numerics;
using System.Runtime.Intrinsics;

namespace Forethought.Tsdb.Chunks;

/// <summary>
/// Chooses the windows in which the values of an XOR chunk are written, so that they take few bits: a new window costs 11 bits more, and
/// each value takes all bits of its window whether it needs them or not. Who writes sample by sample cannot know, and goes on with a
/// window as long as values fit it: one wide change makes all that follow wide. Reused; not thread-safe.
/// </summary>
/// <remarks>
/// Dynamic programming: the cheapest code of the first n changes whose last window begins at change b costs what the cheapest code of the
/// b changes before costs, 11 bits, and for each change since then 2 bits and the width that all of them need together. Not all
/// beginnings are followed but the eight that are cheapest so far, one in each lane of a vector; on counters and gauges the result is
/// within a thousandth of the best.
/// </remarks>
internal sealed class XorWindowPlan
{
    /// <summary>The format has five bits for leading zeros.</summary>
    public const int MaxLeading = 31;

    private const int Lanes = 8;
    private const int LaneBits = 3;
    private const int NewWindowBits = 11;
    private const int WidestWithControl = 64 + 2;
    private const int None = 0xff;

    // More than any code costs, and small enough for a lane's number behind it.
    private const int Unused = 1 << 26;

    // Of each change its own leading and trailing zeros; once chosen, those of the window that begins with it, or None.
    private byte[] _leading = [];
    private byte[] _trailing = [];

    // Of each change where the window begins that it is written in if no change follows.
    private int[] _begins = [];

    /// <summary>Chooses the windows for some changes, none of which is zero, at most 65,535.</summary>
    public void Choose(ReadOnlySpan<ulong> changes)
    {
        Reserve(changes.Length);
        for (int i = 0; i < changes.Length; i++)
        {
            _leading[i] = (byte)Math.Min(BitOperations.LeadingZeroCount(changes[i]), MaxLeading);
            _trailing[i] = (byte)BitOperations.TrailingZeroCount(changes[i]);
        }

        Follow(changes.Length);
        Settle(changes.Length);
    }

    /// <summary>Whether a window begins with a change, and which.</summary>
    public bool Begins(int change, out int leading, out int trailing)
    {
        leading = _leading[change];
        trailing = _trailing[change];
        return leading != None;
    }

    private void Follow(int count)
    {
        Span<int> begins = stackalloc int[Lanes];
        Vector256<int> lanes = Vector256<int>.Indices;
        Vector256<int> before = Vector256.Create(Unused), cost = before;
        Vector256<int> leading = default, trailing = default, length = default;
        int best = 0;
        for (int i = 0; i < count; i++)
        {
            // The dearest gives way to a window that begins here.
            int worst = Greatest((cost << LaneBits) | lanes) & (Lanes - 1);
            Vector256<int> isNew = Vector256.Equals(lanes, Vector256.Create(worst));
            Vector256<int> ownLeading = Vector256.Create((int)_leading[i]), ownTrailing = Vector256.Create((int)_trailing[i]);
            begins[worst] = i;
            before = Vector256.ConditionalSelect(isNew, Vector256.Create(best + NewWindowBits), before);
            leading = Vector256.ConditionalSelect(isNew, ownLeading, Vector256.Min(leading, ownLeading));
            trailing = Vector256.ConditionalSelect(isNew, ownTrailing, Vector256.Min(trailing, ownTrailing));
            length = Vector256.AndNot(length, isNew) + Vector256<int>.One;
            cost = before + (length * (Vector256.Create(WidestWithControl) - leading - trailing));
            int least = Least((cost << LaneBits) | lanes);
            best = least >> LaneBits;
            _begins[i] = begins[least & (Lanes - 1)];
        }
    }

    // From the last window back to the first.
    private void Settle(int count)
    {
        for (int end = count, begin; end > 0; end = begin)
        {
            begin = _begins[end - 1];
            for (int i = begin + 1; i < end; i++)
            {
                _leading[begin] = Math.Min(_leading[begin], _leading[i]);
                _trailing[begin] = Math.Min(_trailing[begin], _trailing[i]);
                _leading[i] = None;
            }
        }
    }

    private void Reserve(int count)
    {
        if (_begins.Length >= count)
            return;
        _leading = new byte[count];
        _trailing = new byte[count];
        _begins = new int[count];
    }

    private static int Least(Vector256<int> values)
    {
        Vector128<int> half = Vector128.Min(values.GetLower(), values.GetUpper());
        half = Vector128.Min(half, Vector128.Shuffle(half, Vector128.Create(2, 3, 0, 1)));
        return Vector128.Min(half, Vector128.Shuffle(half, Vector128.Create(1, 0, 3, 2))).ToScalar();
    }

    private static int Greatest(Vector256<int> values)
    {
        Vector128<int> half = Vector128.Max(values.GetLower(), values.GetUpper());
        half = Vector128.Max(half, Vector128.Shuffle(half, Vector128.Create(2, 3, 0, 1)));
        return Vector128.Max(half, Vector128.Shuffle(half, Vector128.Create(1, 0, 3, 2))).ToScalar();
    }
}
