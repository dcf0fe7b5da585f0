using System.Runtime.InteropServices;
using Forethought.Encoding;
using Forethought.Model;
using Forethought.Storage;
using Forethought.Tsdb.Head;
using Forethought.Tsdb.Wal;

namespace Forethought.Tsdb.Exemplars;

/// <summary>The exemplars of a transaction, copied with the labels of their series. Reused; not thread-safe.</summary>
internal sealed class StagedExemplars(HeadState head)
{
    private readonly List<Row> _rows = [];

    // Of each row the labels of its series, then its own.
    private byte[] _labels = [];
    private int _labelsLength;

    /// <summary>Whether exemplars are kept at all.</summary>
    public bool IsWanted => head.Exemplars.Capacity > 0;

    /// <summary>Exemplars staged.</summary>
    public int Count => _rows.Count;

    /// <summary>Checks an exemplar and stages it when it is accepted.</summary>
    /// <param name="slot">The slot of its series, which cannot be collected meanwhile.</param>
    /// <param name="series">Its reference.</param>
    /// <param name="exemplar">The exemplar; copied.</param>
    public ExemplarOutcome Stage(uint slot, SeriesRef series, Exemplar exemplar)
    {
        ReadOnlySpan<uint> pairs = head.Index.Series.Entry(slot).PairSpan;
        int start = _labelsLength;
        int seriesLength = head.Index.Pairs.PackedLength(pairs);
        Reserve(seriesLength + exemplar.Labels.Packed.Length);
        Span<byte> packed = _labels.AsSpan(start, seriesLength);
        head.Index.Pairs.Pack(pairs, packed);
        ulong hash = XxHash64.Compute(packed);
        ExemplarOutcome outcome = head.Exemplars.Check(packed, hash, new ExemplarData(exemplar));
        if (outcome != ExemplarOutcome.Accepted)
            return outcome;
        exemplar.Labels.Packed.CopyTo(_labels.AsSpan(start + seriesLength));
        _labelsLength = start + seriesLength + exemplar.Labels.Packed.Length;
        _rows.Add(new Row(series, hash, start, start + seriesLength, _labelsLength, exemplar.Value, exemplar.TimeMs, exemplar.HasTime));
        return ExemplarOutcome.Accepted;
    }

    /// <summary>Forgets all exemplars.</summary>
    public void Clear()
    {
        _rows.Clear();
        _labelsLength = 0;
    }

    /// <summary>Writes the log's record.</summary>
    public void Encode(RecordBuffer records)
    {
        if (_rows.Count == 0)
            return;
        (SeriesRef Series, long TimeMs) first = (_rows[0].Series, _rows[0].TimeMs);
        records.Begin(WalRecordType.Exemplars);
        ExemplarRecord.WriteHead(records, first.Series, first.TimeMs);
        foreach (ref readonly Row row in CollectionsMarshal.AsSpan(_rows))
            ExemplarRecord.Write(records, first, row.Series, row.TimeMs, row.Value, OwnLabels(row));
        records.End();
    }

    /// <summary>Adds the exemplars to the ring, which may have changed since they were staged and then refuses them.</summary>
    public void Write()
    {
        foreach (ref readonly Row row in CollectionsMarshal.AsSpan(_rows))
        {
            ReadOnlySpan<byte> series = _labels.AsSpan(row.Start, row.OwnStart - row.Start);
            head.Exemplars.Add(series, row.SeriesHash, new ExemplarData(OwnLabels(row), row.Value, row.TimeMs, row.HasTime));
        }
    }

    private ReadOnlySpan<byte> OwnLabels(in Row row) => _labels.AsSpan(row.OwnStart, row.End - row.OwnStart);

    private void Reserve(int more)
    {
        if (_labels.Length - _labelsLength < more)
            Array.Resize(ref _labels, Math.Max(_labelsLength + more, 2 * _labels.Length));
    }

    private readonly record struct Row(
        SeriesRef Series, ulong SeriesHash, int Start, int OwnStart, int End, double Value, long TimeMs, bool HasTime);
}
