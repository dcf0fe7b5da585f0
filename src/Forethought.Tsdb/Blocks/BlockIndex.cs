using Forethought.Tsdb.Platform;
using Forethought.Tsdb.Wal;

namespace Forethought.Tsdb.Blocks;

/// <summary>
/// The index of a block: symbols, series by reference, postings by label pair. Verifies checksums of what it hands out and trusts
/// nothing else. Spans are valid until it is disposed. Thread-safe but for <see cref="Dispose"/>.
/// </summary>
internal sealed class BlockIndex : IDisposable
{
    private readonly IndexFile _file;
    private readonly int _alignment;

    private BlockIndex(IndexFile file)
    {
        _file = file;
        _alignment = file.Version == BlockIndexFormat.Version1 ? 1 : BlockIndexFormat.SeriesAlignment;
        Symbols = new BlockSymbols(file);
        Pairs = new PostingsTable(file);
        long end = file.Toc.LabelIndices > file.Toc.Series ? file.Toc.LabelIndices : file.Toc.Postings;
        FirstReference = (uint)Math.Min(file.Toc.Series / _alignment, uint.MaxValue);
        LastReference = (uint)Math.Clamp(end / _alignment, FirstReference, uint.MaxValue);
    }

    /// <summary>The texts of all labels.</summary>
    public BlockSymbols Symbols { get; }

    /// <summary>The label pairs, and where their postings are.</summary>
    public PostingsTable Pairs { get; }

    /// <summary>The format's version.</summary>
    public int Version => _file.Version;

    /// <summary>The file's length in bytes.</summary>
    public long Length => _file.Length;

    /// <summary>No series has a lower reference.</summary>
    public uint FirstReference { get; }

    /// <summary>No series has a higher reference.</summary>
    public uint LastReference { get; }

    /// <summary>Opens the index in a block's directory and reads its tables through once.</summary>
    /// <exception cref="TsdbCorruptionException">It is damaged.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static BlockIndex Open(IStorageDirectory directory)
    {
        IndexFile file = IndexFile.Open(directory);
        try
        {
            return new BlockIndex(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>The series with a label pair; of the empty name and value, all series.</summary>
    /// <exception cref="TsdbCorruptionException">The list is damaged.</exception>
    public BlockPostings Postings(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value) =>
        Pairs.Find(name) is var found and >= 0 && Pairs.TryFind(found, value, out long offset) ? PostingsAt(offset) : default;

    /// <summary>All series, in the order of their labels.</summary>
    /// <exception cref="TsdbCorruptionException">The list is damaged.</exception>
    public BlockPostings AllPostings() => Postings(default, default);

    /// <summary>The postings list at an offset that <see cref="Pairs"/> gave.</summary>
    /// <exception cref="TsdbCorruptionException">The list is damaged.</exception>
    public BlockPostings PostingsAt(long offset) => Read(Locate(offset));

    /// <summary>Verifies the postings list at an offset that <see cref="Pairs"/> gave.</summary>
    /// <exception cref="TsdbCorruptionException">The list is damaged.</exception>
    public PostingsPlace Locate(long offset)
    {
        const string Doing = "decode postings";
        ReadOnlySpan<byte> content = _file.Section(offset, Doing);
        long start = offset + BlockIndexFormat.LengthBytes;
        try
        {
            var reader = new RecordReader(content, 0);
            uint count = reader.ReadUInt32();
            long expected = (long)count * sizeof(uint);
            if (reader.Remaining != expected)
            {
                string message = $"unexpected postings length, should be {expected} bytes for {count} postings, got {reader.Remaining} bytes";
                TsdbCorruptionException.Throw(message, 0, $"{expected} bytes", $"{reader.Remaining} bytes");
            }

            return new PostingsPlace(start + sizeof(uint), (int)count);
        }
        catch (TsdbCorruptionException e)
        {
            throw _file.Locate(e, start, Doing);
        }
    }

    /// <summary>The list at a place that <see cref="Locate(long)"/> gave.</summary>
    public BlockPostings Read(PostingsPlace place) => new(_file.Content(place.Start, place.Count * sizeof(uint)));

    /// <summary>Reads labels and chunks of a series.</summary>
    /// <param name="reference">The series.</param>
    /// <param name="series">Where they go.</param>
    /// <param name="firstMs">Chunks that end before this time are left out.</param>
    /// <param name="lastMs">Chunks that begin after this time are left out.</param>
    /// <exception cref="TsdbCorruptionException">There is no such series, or it is damaged.</exception>
    public void ReadSeries(uint reference, BlockSeries series, long firstMs = long.MinValue, long lastMs = long.MaxValue)
    {
        try
        {
            series.Read(Entry(reference), Symbols, firstMs, lastMs);
        }
        catch (TsdbCorruptionException e) when (e.File.Length == 0)
        {
            throw Locate(e, reference);
        }
    }

    /// <summary>Finds the symbol of the value that a series has for a name.</summary>
    /// <param name="reference">The series.</param>
    /// <param name="name">The symbol of the name.</param>
    /// <param name="value">The symbol of the value.</param>
    /// <returns>Whether the series has the label.</returns>
    /// <exception cref="TsdbCorruptionException">There is no such series, or it is damaged.</exception>
    public bool TryFindValue(uint reference, uint name, out uint value)
    {
        try
        {
            SeriesEntry entry = Entry(reference);
            while (entry.NextLabel(out uint candidate, out value))
            {
                if (candidate == name)
                    return true;
            }

            return false;
        }
        catch (TsdbCorruptionException e) when (e.File.Length == 0)
        {
            throw Locate(e, reference);
        }
    }

    /// <summary>Adds the symbols of the names that a series has to a set.</summary>
    /// <exception cref="TsdbCorruptionException">There is no such series, or it is damaged.</exception>
    public void CollectNames(uint reference, HashSet<uint> names)
    {
        try
        {
            SeriesEntry entry = Entry(reference);
            while (entry.NextLabel(out uint name, out _))
                names.Add(name);
        }
        catch (TsdbCorruptionException e) when (e.File.Length == 0)
        {
            throw Locate(e, reference);
        }
    }

    /// <summary>A finding about the index as a whole.</summary>
    public TsdbCorruptionException Damage(string message, string expected, string actual) => _file.Damage(0, message, expected, actual);

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private SeriesEntry Entry(uint reference) => new(_file.Series((long)reference * _alignment));

    private TsdbCorruptionException Locate(TsdbCorruptionException found, uint reference) =>
        _file.Locate(found, (long)reference * _alignment, "read series");
}
