using System.Buffers.Binary;

namespace Forethought.Tsdb.Blocks;

/// <summary>A postings list of an index: references of series, ascending, as they are in the file: four bytes each, big-endian.</summary>
internal readonly ref struct BlockPostings(ReadOnlySpan<byte> references)
{
    private readonly ReadOnlySpan<byte> _references = references;

    public int Count => _references.Length / sizeof(uint);

    public uint this[int place] => BinaryPrimitives.ReadUInt32BigEndian(_references[(place * sizeof(uint))..]);

    /// <summary>
    /// The first place from <paramref name="from"/> on whose reference is not below another one: first by doubling steps, then by
    /// halving them, so that what lies near is found quickly.
    /// </summary>
    public int Seek(int from, uint reference)
    {
        int low = from;
        int step = 1;
        while (low + step <= Count && this[low + step - 1] < reference)
        {
            low += step;
            step = Math.Min(step * 2, int.MaxValue / 4);
        }

        int high = Math.Min(low + step, Count);
        while (low < high)
        {
            int middle = (int)(((uint)low + (uint)high) / 2);
            if (this[middle] < reference)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }
}
