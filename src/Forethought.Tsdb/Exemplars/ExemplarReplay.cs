using Forethought.Encoding;
using Forethought.Storage;
using Forethought.Tsdb.Head;
using Forethought.Tsdb.Wal;

namespace Forethought.Tsdb.Exemplars;

/// <summary>Puts the exemplars of the log back into the ring. Used by the thread that reads the log.</summary>
internal sealed class ExemplarReplay(HeadState head, ReplaySeries series)
{
    private byte[] _packed = new byte[512];

    /// <summary>Adds the exemplars of a record, but those older than the head's samples and of series that the log does not name.</summary>
    /// <exception cref="TsdbCorruptionException">The record is damaged.</exception>
    public void Add(ReadOnlySpan<byte> record)
    {
        var exemplars = new ExemplarRecord(record);
        while (exemplars.MoveNext())
        {
            if (exemplars.TimeMs < head.Bounds.MinValidTimeMs || !series.TryFindForExemplar(exemplars.Series, exemplars.TimeMs, out uint slot))
                continue;
            ReadOnlySpan<byte> labels = Pack(head.Index.Series.Entry(slot).PairSpan);

            // The log does not say whether the time came with the exemplar.
            var exemplar = new ExemplarData(exemplars.PackedLabels, exemplars.Value, exemplars.TimeMs, hasTime: false);
            if (head.Exemplars.Add(labels, XxHash64.Compute(labels), exemplar) == ExemplarOutcome.OutOfOrder)
                head.Options.Warned?.Invoke("Unexpected error when replaying WAL on exemplar record: out of order exemplar");
        }
    }

    private ReadOnlySpan<byte> Pack(ReadOnlySpan<uint> pairs)
    {
        int length = head.Index.Pairs.PackedLength(pairs);
        if (_packed.Length < length)
            _packed = new byte[2 * length];
        return _packed.AsSpan(0, head.Index.Pairs.Pack(pairs, _packed));
    }
}
