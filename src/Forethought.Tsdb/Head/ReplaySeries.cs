using System.Runtime.InteropServices;
using Forethought.Encoding;
using Forethought.Storage;
using Forethought.Tsdb.Wal;

namespace Forethought.Tsdb.Head;

/// <summary>
/// Series as replay meets them: creates those that records name and finds the slots of samples. A series that the log names twice,
/// under two references, becomes one; the second reference is an alias while replay lasts. Used by the thread that reads the log.
/// </summary>
/// <param name="head">The head.</param>
/// <param name="chunks">
/// Full chunks in files. Those of an alias are passed over: the log has their samples, and samples of the series that are on their
/// way to the head may be older.
/// </param>
internal sealed class ReplaySeries(HeadState head, LoadedChunks? chunks)
{
    private readonly Dictionary<ulong, uint> _aliases = [];
    private readonly List<uint> _created = [];

    // Up to which time files have the samples of a slot's series; short of slots behind the last one of which they have any.
    private long[] _inFilesUntilMs = [];

    /// <summary>Samples of series whose labels are not in the log. Those that blocks have are not missed.</summary>
    public long UnknownSamples { get; private set; }

    /// <summary>
    /// Until which time the log has samples under an alias, or of a series that left the head: its series record must stay in checkpoints
    /// that long.
    /// </summary>
    public Dictionary<ulong, long> RecordExpiries { get; } = [];

    /// <summary>Creates the series of a record.</summary>
    /// <exception cref="TsdbCorruptionException">The record is damaged or has a reference that cannot be.</exception>
    public void Add(ReadOnlySpan<byte> record)
    {
        _created.Clear();
        ulong newest = 0;
        for (var series = new SeriesRecord(record); series.MoveNext();)
        {
            ulong reference = series.Series.Value;
            if (reference is 0 or >= SeriesRefMap.Limit)
                TsdbCorruptionException.Throw($"series reference {reference} is out of range", 0, "1 to 2^40 - 1", $"{reference}");
            newest = Math.Max(newest, reference);
            uint slot = head.Index.GetOrCreate(series.PackedLabels, XxHash64.Compute(series.PackedLabels), reference, out bool created);
            if (created)
                NoteCreated(slot);
            else if (head.Index.Series.Entry(slot).Reference != reference)
                _aliases[reference] = slot;
        }

        head.Index.ReserveReferences(newest);
        NoteLogged();
    }

    /// <summary>Creates a series of a snapshot; false if its reference or its labels are taken already.</summary>
    public bool TryRestore(ulong reference, ReadOnlySpan<byte> packedLabels, out uint slot)
    {
        if (head.Index.References.TryGet(reference, out slot))
            return false;
        _created.Clear();
        head.Index.ReserveReferences(reference);
        slot = head.Index.GetOrCreate(packedLabels, XxHash64.Compute(packedLabels), reference, out bool created);
        if (!created)
            return false;
        NoteCreated(slot);
        NoteLogged();
        return true;
    }

    /// <summary>Exemplars of series whose labels are not in the log.</summary>
    public long UnknownExemplars { get; private set; }

    /// <summary>Finds the slot of an exemplar's series; false when the log does not name it.</summary>
    public bool TryFindForExemplar(SeriesRef series, long timeMs, out uint slot)
    {
        bool isFound = TryFindSlot(series.Value, timeMs, out slot);
        if (!isFound)
            UnknownExemplars++;
        return isFound;
    }

    /// <summary>Metadata of series whose labels are not in the log.</summary>
    public long UnknownMetadata { get; private set; }

    /// <summary>Gives the series of a record their metadata.</summary>
    /// <exception cref="TsdbCorruptionException">The record is damaged.</exception>
    public void AddMetadata(ReadOnlySpan<byte> record)
    {
        for (var metadata = new MetadataRecord(record); metadata.MoveNext();)
        {
            // The series record of an alias is kept for the sake of its samples; its metadata alone is no reason to.
            if (!TryFindSlot(metadata.Series.Value, long.MinValue, out uint slot))
            {
                UnknownMetadata++;
                continue;
            }

            string unit = System.Text.Encoding.UTF8.GetString(metadata.Unit);
            string help = System.Text.Encoding.UTF8.GetString(metadata.Help);
            head.Metadata.Set(head.Index.Series.Entry(slot).Reference, new SeriesMetadata(metadata.MetricType, unit, help));
        }
    }

    /// <summary>Deletions from series whose labels are not in the log.</summary>
    public long UnknownTombstones { get; private set; }

    /// <summary>Finds the slot of the series that something was deleted from; false when the log does not name it.</summary>
    public bool TryFindForTombstone(SeriesRef series, long maxTimeMs, out uint slot)
    {
        bool isFound = TryFindSlot(series.Value, maxTimeMs, out slot);
        if (!isFound && maxTimeMs >= head.Bounds.MinValidTimeMs)
            UnknownTombstones++;
        return isFound;
    }

    /// <summary>Finds a series, without saying that it is still needed.</summary>
    public bool TryFind(SeriesRef series, out uint slot) =>
        head.Index.References.TryGet(series.Value, out slot) || _aliases.TryGetValue(series.Value, out slot);

    /// <summary>Keeps the record of a series that left the head in checkpoints as long as the log may have samples of it.</summary>
    public void KeepRecord(ulong reference, long untilMs) =>
        RecordExpiries[reference] = Math.Max(untilMs, RecordExpiries.GetValueOrDefault(reference, long.MinValue));

    /// <summary>Forgets the aliases of series that left the head.</summary>
    public void ForgetAliases(IReadOnlySet<uint> slots)
    {
        foreach (ulong alias in _aliases.Where(alias => slots.Contains(alias.Value)).Select(alias => alias.Key).ToArray())
            _aliases.Remove(alias);
    }

    /// <summary>
    /// Finds the slot of the series of a sample that came out of order; false when the log does not name it. The log of such samples is
    /// kept until they are in blocks, so that the series' record is wanted longer than their times say.
    /// </summary>
    public bool TryFindForOutOfOrder(SeriesRef series, long timeMs, out uint slot) =>
        TryFindSlot(series.Value, Math.Max(timeMs, head.Bounds.MaxTimeMs), out slot);

    /// <summary>
    /// Finds the slots of the rows that have none yet; <see cref="SeriesRefMap.None"/> for those that are not to be appended, because the
    /// log does not name their series, or they are too old, or a file has them.
    /// </summary>
    public void FindSlots(List<uint> slots, SeriesRef[] series, long[] timesMs, int count)
    {
        int first = slots.Count;
        CollectionsMarshal.SetCount(slots, count);
        Span<uint> found = CollectionsMarshal.AsSpan(slots)[first..];
        if (!head.Index.References.TryGetAll(series.AsSpan(first, count - first), found))
            FindMissing(found, series.AsSpan(first), timesMs.AsSpan(first));
        if (_inFilesUntilMs.Length > 0 || head.Bounds.MinValidTimeMs > long.MinValue)
            PassOver(found, timesMs.AsSpan(first));
    }

    private void NoteCreated(uint slot)
    {
        _created.Add(slot);
        if (chunks?.Attach(slot) is not { } newestMs || newestMs == long.MinValue)
            return;
        int length = _inFilesUntilMs.Length;
        if (slot >= length)
        {
            Array.Resize(ref _inFilesUntilMs, Math.Max((int)slot + 1, 2 * length));
            _inFilesUntilMs.AsSpan(length).Fill(long.MinValue);
        }

        _inFilesUntilMs[slot] = newestMs;
    }

    // Not before the record was read to its end: a damaged one is cut off the log, with the labels of all its series.
    private void NoteLogged()
    {
        HeadCounters.Add(ref head.Counters.SeriesCreated, _created.Count);
        using var lease = new ShardLease(head.Shards);
        foreach (uint slot in _created)
        {
            lease.MoveTo(slot);
            head.Index.Series.State(slot).Flags |= SeriesFlags.Logged;
        }
    }

    private void FindMissing(Span<uint> slots, ReadOnlySpan<SeriesRef> series, ReadOnlySpan<long> timesMs)
    {
        for (int i = 0; i < slots.Length; i++)
        {
            if (slots[i] != SeriesRefMap.None || TryFindSlot(series[i].Value, timesMs[i], out slots[i]))
                continue;
            slots[i] = SeriesRefMap.None;
            if (timesMs[i] >= head.Bounds.MinValidTimeMs)
                UnknownSamples++;
        }
    }

    // What is too old, and what is in files: the writer would refuse that as well, but only after it has looked at the series.
    private void PassOver(Span<uint> slots, ReadOnlySpan<long> timesMs)
    {
        long minValidMs = head.Bounds.MinValidTimeMs;
        ReadOnlySpan<long> until = _inFilesUntilMs;
        for (int i = 0; i < slots.Length; i++)
        {
            uint slot = slots[i];
            if (timesMs[i] < minValidMs || (slot < (uint)until.Length && timesMs[i] <= until[(int)slot]))
                slots[i] = SeriesRefMap.None;
        }
    }

    private bool TryFindSlot(ulong reference, long timeMs, out uint slot)
    {
        if (head.Index.References.TryGet(reference, out slot))
            return true;
        if (!_aliases.TryGetValue(reference, out slot))
        {
            // Its labels are lost, with the end of the log in a power loss, say. No other series may get the reference as long as there
            // are samples under it, in this log or in that of late samples: they would become its own.
            if (reference is > 0 and < SeriesRefMap.Limit)
                head.Index.ReserveReferences(reference);
            return false;
        }

        KeepRecord(reference, timeMs);
        return true;
    }
}
