using System.Globalization;
using Forethought.Model;

namespace Forethought.PromQL.Execution;

/// <summary>The orders of the sort functions.</summary>
internal static class SortOrders
{
    /// <summary>By value at the only step; NaN comes last either way.</summary>
    public static Comparison<SeriesRow> ByValue(bool descending) => (left, right) =>
    {
        double x = left.Values[0];
        double y = right.Values[0];
        if (double.IsNaN(x) || double.IsNaN(y))
            return double.IsNaN(x).CompareTo(double.IsNaN(y));
        return descending ? y.CompareTo(x) : x.CompareTo(y);
    };

    /// <summary>By the values of labels in natural order, then by all labels.</summary>
    public static Comparison<SeriesRow> ByLabels(IReadOnlyList<string> names, bool descending)
    {
        byte[][] utf8Names = [.. names.Select(System.Text.Encoding.UTF8.GetBytes)];
        return (left, right) =>
        {
            int order = 0;
            for (int i = 0; i < utf8Names.Length && order == 0; i++)
                order = CompareNaturally(PackedLabels.Get(left.Labels, utf8Names[i]), PackedLabels.Get(right.Labels, utf8Names[i]));
            if (order == 0)
                order = PackedLabels.Compare(left.Labels, right.Labels);
            return descending ? -order : order;
        };
    }

    /// <summary>Runs of digits compare as numbers, everything else as bytes, a prefix first (upstream's natsort).</summary>
    internal static int CompareNaturally(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        if (left.SequenceEqual(right))
            return 0;
        while (!left.IsEmpty && !right.IsEmpty)
        {
            ReadOnlySpan<byte> x = TakeChunk(ref left);
            ReadOnlySpan<byte> y = TakeChunk(ref right);
            int order = TryNumber(x, out long xNumber) && TryNumber(y, out long yNumber)
                ? xNumber.CompareTo(yNumber)
                : x.SequenceCompareTo(y);
            if (order != 0)
                return order;
        }

        return left.Length.CompareTo(right.Length);
    }

    private static ReadOnlySpan<byte> TakeChunk(ref ReadOnlySpan<byte> text)
    {
        bool digits = char.IsAsciiDigit((char)text[0]);
        int length = 1;
        while (length < text.Length && char.IsAsciiDigit((char)text[length]) == digits)
            length++;
        ReadOnlySpan<byte> chunk = text[..length];
        text = text[length..];
        return chunk;
    }

    private static bool TryNumber(ReadOnlySpan<byte> chunk, out long number) =>
        long.TryParse(chunk, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
