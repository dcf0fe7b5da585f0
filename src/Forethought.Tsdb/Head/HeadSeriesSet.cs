using Forethought.Model;
using Forethought.Storage;

namespace Forethought.Tsdb.Head;

/// <summary>The series that a query selected in the head. Valid until its querier is disposed.</summary>
internal sealed class HeadSeriesSet(HeadState head, SeriesReader reader, uint[] slots, SelectHints hints) : ISeriesSet
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
            if (!reader.MoveTo(slot, copiesSamples: !hints.LabelsOnly))
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
        int before = batch.Count;
        while (reader.ChunksLeft > 0 && batch.Count - before < ReadTarget)
            reader.DecodeNext(batch);
        return batch.Count > before;
    }

    /// <inheritdoc/>
    public void Dispose() => _next = slots.Length;

    private void Pack(ReadOnlySpan<uint> pairs)
    {
        int length = head.Index.Pairs.PackedLength(pairs);
        if (_packed.Length < length)
            _packed = new byte[length * 2];
        _packedLength = head.Index.Pairs.Pack(pairs, _packed);
    }
}
