using Forethought.Tsdb.Wal;

namespace Forethought.Tsdb.Blocks;

/// <summary>
/// The table that says of each label pair of an index where its postings are. Keeps the names and the place of every 32nd value in
/// memory; of version 1, whose table has no order, the place of every value. Thread-safe.
/// </summary>
internal sealed class PostingsTable
{
    private const string Doing = "read postings table";

    /// <summary>A count of keys, two empty texts, an offset.</summary>
    private const int SmallestEntry = 4;

    private readonly IndexFile _file;
    private readonly long _start;
    private readonly int _length;
    private readonly int _stride;

    // Names in order. The places of a name's values begin at _first[name] in _places.
    private readonly List<byte[]> _names = [];
    private readonly List<int> _first = [];
    private readonly List<int> _counts = [];
    private readonly uint[] _places;

    /// <exception cref="TsdbCorruptionException">The table is damaged.</exception>
    public PostingsTable(IndexFile file)
    {
        _file = file;
        _start = file.Toc.PostingsTable + BlockIndexFormat.LengthBytes;
        _stride = file.Version == BlockIndexFormat.Version1 ? 1 : BlockIndexFormat.Stride;
        ReadOnlySpan<byte> content = file.Section(file.Toc.PostingsTable, Doing);
        _length = content.Length;
        try
        {
            _places = file.Version == BlockIndexFormat.Version1 ? Sort(content) : Sample(content);
        }
        catch (TsdbCorruptionException e)
        {
            throw file.Locate(e, _start, Doing);
        }
    }

    /// <summary>The number of label names. The first may be the empty one, whose only value stands for all series.</summary>
    public int NameCount => _names.Count;

    /// <summary>Bytes of memory held.</summary>
    public long MemoryBytes => (_places.LongLength * sizeof(uint)) + _names.Sum(name => (long)name.Length);

    /// <summary>A name by its number, in byte order.</summary>
    public byte[] Name(int name) => _names[name];

    /// <summary>The number of values that a name has.</summary>
    public int ValueCount(int name) => _counts[name];

    /// <summary>The number of a name, negative if there is none such.</summary>
    public int Find(ReadOnlySpan<byte> name)
    {
        int low = 0, high = _names.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_names[middle].AsSpan().SequenceCompareTo(name) < 0)
                low = middle + 1;
            else
                high = middle;
        }

        return low < _names.Count && _names[low].AsSpan().SequenceEqual(name) ? low : -1;
    }

    /// <summary>Walks all values of a name in byte order.</summary>
    public ValueCursor Values(int name) => new(this, name, 0);

    /// <summary>Walks the values of a name in byte order, beginning at most 32 before the first that is not below another one.</summary>
    public ValueCursor ValuesFrom(int name, ReadOnlySpan<byte> value)
    {
        int low = 0, high = (_counts[name] + _stride - 1) / _stride;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (EntryAt(_places[_first[name] + middle]).Value.SequenceCompareTo(value) <= 0)
                low = middle + 1;
            else
                high = middle;
        }

        return new ValueCursor(this, name, Math.Max(0, low - 1) * _stride);
    }

    /// <summary>Finds where the postings of a pair are in the file.</summary>
    public bool TryFind(int name, ReadOnlySpan<byte> value, out long offset)
    {
        for (ValueCursor values = ValuesFrom(name, value); values.MoveNext();)
        {
            int order = values.Value.SequenceCompareTo(value);
            if (order > 0)
                break;
            if (order < 0)
                continue;
            offset = values.PostingsOffset;
            return true;
        }

        offset = 0;
        return false;
    }

    private Entry EntryAt(uint place)
    {
        var reader = new RecordReader(_file.Content(_start, _length), (int)place);
        return ReadEntry(ref reader);
    }

    private static Entry ReadEntry(scoped ref RecordReader reader)
    {
        int at = reader.Position;
        ulong keys = reader.ReadUvarint();
        if (keys != 2)
            TsdbCorruptionException.Throw($"unexpected number of keys for postings offset table {keys}", at, "2", $"{keys}");
        ReadOnlySpan<byte> name = reader.ReadText();
        ReadOnlySpan<byte> value = reader.ReadText();
        ulong offset = reader.ReadUvarint();
        return new Entry(name, value, offset > long.MaxValue ? long.MaxValue : (long)offset, reader.Position);
    }

    private static int ReadCount(ref RecordReader reader)
    {
        uint count = reader.ReadUInt32();
        if (count > (uint)(reader.Remaining / SmallestEntry))
            TsdbCorruptionException.Throw("invalid size", 0, $"at most {reader.Remaining / SmallestEntry} entries", $"{count}");
        return (int)count;
    }

    // The table is in order: notes every 32nd place of each name.
    private uint[] Sample(ReadOnlySpan<byte> content)
    {
        var reader = new RecordReader(content, 0);
        var places = new List<uint>();
        ReadOnlySpan<byte> previous = default;
        for (int left = ReadCount(ref reader); left > 0; left--)
        {
            uint place = (uint)reader.Position;
            Entry entry = ReadEntry(ref reader);
            bool isNewName = _names.Count == 0 || !entry.Name.SequenceEqual(_names[^1]);
            bool isInOrder = isNewName
                ? _names.Count == 0 || entry.Name.SequenceCompareTo(_names[^1]) > 0
                : entry.Value.SequenceCompareTo(previous) > 0;
            if (!isInOrder)
                TsdbCorruptionException.Throw("postings offset table is not in order", place, "ascending names and values", "another order");
            Note(entry, isNewName, place, places);
            previous = entry.Value;
        }

        return [.. places];
    }

    // The table has no order: notes every place, sorted by name and value.
    private uint[] Sort(ReadOnlySpan<byte> content)
    {
        var reader = new RecordReader(content, 0);
        uint[] sorted = new uint[ReadCount(ref reader)];
        for (int i = 0; i < sorted.Length; i++)
        {
            sorted[i] = (uint)reader.Position;
            ReadEntry(ref reader);
        }

        Array.Sort(sorted, Compare);
        var places = new List<uint>(sorted.Length);
        foreach (uint place in sorted)
        {
            Entry entry = EntryAt(place);
            Note(entry, _names.Count == 0 || !entry.Name.SequenceEqual(_names[^1]), place, places);
        }

        return sorted;
    }

    private int Compare(uint left, uint right)
    {
        Entry a = EntryAt(left);
        Entry b = EntryAt(right);
        int order = a.Name.SequenceCompareTo(b.Name);
        return order != 0 ? order : a.Value.SequenceCompareTo(b.Value);
    }

    private void Note(in Entry entry, bool isNewName, uint place, List<uint> places)
    {
        if (isNewName)
        {
            _names.Add(entry.Name.ToArray());
            _first.Add(places.Count);
            _counts.Add(0);
        }

        if (_counts[^1]++ % _stride == 0)
            places.Add(place);
    }

    /// <summary>A line of the table.</summary>
    private readonly ref struct Entry(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, long offset, int end)
    {
        public ReadOnlySpan<byte> Name { get; } = name;

        public ReadOnlySpan<byte> Value { get; } = value;

        public long Offset { get; } = offset;

        /// <summary>Where the next line begins.</summary>
        public int End { get; } = end;
    }

    /// <summary>Walks values of a name. Valid as long as the index.</summary>
    internal ref struct ValueCursor(PostingsTable table, int name, int next)
    {
        private int _next = next;
        private uint _place;

        /// <summary>The value that the last move reached.</summary>
        public ReadOnlySpan<byte> Value { get; private set; }

        /// <summary>Where its postings are in the file.</summary>
        public long PostingsOffset { get; private set; }

        /// <summary>Moves to the next value; false at the end.</summary>
        public bool MoveNext()
        {
            if (_next == table._counts[name])
                return false;
            if (_next % table._stride == 0)
                _place = table._places[table._first[name] + (_next / table._stride)];
            _next++;
            Entry entry = table.EntryAt(_place);
            Value = entry.Value;
            PostingsOffset = entry.Offset;
            _place = (uint)entry.End;
            return true;
        }
    }
}
