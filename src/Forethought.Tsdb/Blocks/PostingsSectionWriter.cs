using Forethought.Storage;
using Forethought.Tsdb.Platform;

namespace Forethought.Tsdb.Blocks;

/// <summary>
/// Writes postings and their table behind the series of a new index: first the list of all series, then those of each label pair in
/// order. The series are read back once for a group of names at a time, so that no more than 20 bytes a series and pair are held
/// besides what is 4 bytes a symbol. For one thread, used once.
/// </summary>
/// <param name="writer">Stands behind the series.</param>
/// <param name="symbols">The symbols of the index.</param>
/// <param name="uses">For each symbol of a name how many series have it.</param>
internal sealed class PostingsSectionWriter(SequentialWriter writer, SymbolDictionary symbols, IReadOnlyDictionary<uint, int> uses)
{
    /// <summary>Names are taken together as long as they have fewer pairs than this many times the series.</summary>
    private const int PairsPerSeries = 2;

    private const int SmallestGroup = 1 << 16;

    /// <summary>Stands for the empty text of the list of all series, which need not be a symbol.</summary>
    private const uint Empty = uint.MaxValue;

    private readonly List<Line> _lines = [];

    // One counter a symbol, zero between names.
    private readonly int[] _counts = new int[symbols.Count];

    // The pairs of a group of names, those of a name together: symbol of the value, reference of the series.
    private uint[] _values = [];
    private uint[] _series = [];
    private uint[] _sorted = [];

    /// <summary>Writes all lists.</summary>
    /// <param name="all">All series.</param>
    /// <param name="scan">Begins to read the series from the first one on.</param>
    /// <exception cref="IOException">The index cannot be written or read back.</exception>
    public void WritePostings(ReadOnlySpan<uint> all, Func<SeriesScanner> scan)
    {
        WriteList(Empty, Empty, all);
        uint[] names = [.. uses.Keys.Order()];
        int largestGroup = Math.Max(SmallestGroup, (int)Math.Min((long)all.Length * PairsPerSeries, Array.MaxLength));
        for (int from = 0; from < names.Length;)
        {
            int to = from + 1;
            long pairs = uses[names[from]];
            while (to < names.Length && pairs + uses[names[to]] <= largestGroup)
                pairs += uses[names[to++]];
            WriteGroup(names.AsSpan(from..to), scan());
            from = to;
        }
    }

    /// <summary>Writes the table that says where each list is.</summary>
    /// <exception cref="StorageException">It is longer than its length field allows.</exception>
    /// <exception cref="IOException">The index cannot be written.</exception>
    public void WriteTable()
    {
        long start = writer.Position;
        writer.WriteUInt32(0);
        writer.BeginChecksum();
        writer.WriteUInt32((uint)_lines.Count);
        foreach (Line line in _lines)
        {
            writer.WriteUvarint(2);
            writer.WriteText(TextOf(line.Name));
            writer.WriteText(TextOf(line.Value));
            writer.WriteUvarint((ulong)line.Offset);
        }

        long length = writer.Position - start - BlockIndexFormat.LengthBytes;
        if (length > uint.MaxValue)
            throw new StorageException($"postings offset table length/crc32 write error: length size exceeds 4 bytes: {length}");
        writer.WriteChecksum();
        writer.PatchUInt32(start, (uint)length);
    }

    private void WriteGroup(ReadOnlySpan<uint> names, SeriesScanner scanner)
    {
        var ends = new Dictionary<uint, int>(names.Length);
        int pairs = 0;
        foreach (uint name in names)
        {
            ends.Add(name, pairs);
            pairs += uses[name];
        }

        if (_values.Length < pairs)
        {
            _values = new uint[pairs];
            _series = new uint[pairs];
        }

        Collect(ends, names[0], names[^1], scanner);
        foreach (uint name in names)
            WriteName(name, ends[name] - uses[name], uses[name]);
    }

    // Appends each pair of the group to those of its name, whose end is noted.
    private void Collect(Dictionary<uint, int> ends, uint firstName, uint lastName, SeriesScanner scanner)
    {
        while (scanner.MoveNext())
        {
            SeriesEntry entry = scanner.Entry;
            while (entry.NextLabel(out uint name, out uint value))
            {
                if (name < firstName || name > lastName || !ends.TryGetValue(name, out int end))
                    continue;
                _values[end] = value;
                _series[end] = scanner.Reference;
                ends[name] = end + 1;
            }
        }
    }

    // Sorts by counting: series come in order, so they are in order within each value too.
    private void WriteName(uint name, int from, int count)
    {
        ReadOnlySpan<uint> values = _values.AsSpan(from, count);
        var distinct = new List<uint>();
        foreach (uint value in values)
        {
            if (_counts[value]++ == 0)
                distinct.Add(value);
        }

        distinct.Sort();
        int end = 0;
        foreach (uint value in distinct)
        {
            int begin = end;
            end += _counts[value];
            _counts[value] = begin;
        }

        if (_sorted.Length < count)
            _sorted = new uint[count];
        for (int i = 0; i < count; i++)
            _sorted[_counts[values[i]]++] = _series[from + i];
        WriteLists(name, distinct);
    }

    private void WriteLists(uint name, List<uint> distinct)
    {
        int begin = 0;
        foreach (uint value in distinct)
        {
            int end = _counts[value];
            WriteList(name, value, _sorted.AsSpan(begin..end));
            _counts[value] = 0;
            begin = end;
        }
    }

    private void WriteList(uint name, uint value, ReadOnlySpan<uint> references)
    {
        writer.Pad(BlockIndexFormat.PostingsAlignment);
        _lines.Add(new Line(name, value, writer.Position));
        long length = sizeof(uint) * (references.Length + 1L);
        if (length > uint.MaxValue)
            throw new StorageException($"posting size exceeds 4 bytes: {length}");
        writer.WriteUInt32((uint)length);
        writer.BeginChecksum();
        writer.WriteUInt32((uint)references.Length);
        foreach (uint reference in references)
            writer.WriteUInt32(reference);
        writer.WriteChecksum();
    }

    private ReadOnlySpan<byte> TextOf(uint symbol) => symbol == Empty ? default : symbols[symbol];

    private readonly record struct Line(uint Name, uint Value, long Offset);
}
