using Forethought.Model;
using Forethought.Storage;
using Forethought.Tsdb.OutOfOrder;

namespace Forethought.Tsdb.Head;

/// <summary>The series that a query selected in the head. Valid until its querier is disposed.</summary>
/// <param name="head">The head.</param>
/// <param name="reader">Reads what came in order.</param>
/// <param name="outOfOrder">Reads what came out of order; null if there is nothing of the query's times. Owned.</param>
/// <param name="slots">The series.</param>
/// <param name="hints">What the query wants of them.</param>
internal sealed class HeadSeriesSet(
    HeadState head, SeriesReader reader, OutOfOrderReader? outOfOrder, uint[] slots, SelectHints hints) : ISeriesSet
{
    // Samples that one Read brings at least, as far as there are any: few calls, but no endless batch.
    private const int ReadTarget = 4096;

    private byte[] _packed = new byte[512];
    private int _packedLength;
    private int _next;
    private int _yielded;

    /// <inheritdoc/>
    public ReadOnlySpan<byte> PackedLabels => _packed.AsSpan(0, _packedLength);

    /// <inheritdoc/>
    public IReadOnlyList<string> Warnings => [];

    /// <inheritdoc/>
    public bool MoveNext()
    {
        while (_next < slots.Length && (hints.Limit <= 0 || _yielded < hints.Limit))
        {
            uint slot = slots[_next++];
            bool hasInOrder = reader.MoveTo(slot, copiesSamples: !hints.LabelsOnly);
            if (!(outOfOrder?.MoveTo(slot, copiesSamples: !hints.LabelsOnly) ?? false) && !hasInOrder)
                continue;
            Pack(head.Index.Series.Entry(slot).PairSpan);
            _yielded++;
            return true;
        }

        return false;
    }

    /// <inheritdoc/>
    public bool Read(SampleBatch batch)
    {
        if (outOfOrder is { HasSamples: true })
            return !hints.LabelsOnly && outOfOrder.Read(reader, batch);
        if (reader.TryReadNewest(batch))
            return true;
        int before = batch.Count;
        while (reader.ChunksLeft > 0 && batch.Count - before < ReadTarget)
            reader.DecodeNext(batch);
        return batch.Count > before;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _next = slots.Length;
        outOfOrder?.Dispose();
    }

    private void Pack(ReadOnlySpan<uint> pairs)
    {
        int length = head.Index.Pairs.PackedLength(pairs);
        if (_packed.Length < length)
            _packed = new byte[length * 2];
        _packedLength = head.Index.Pairs.Pack(pairs, _packed);
    }
}
