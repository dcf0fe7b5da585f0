using System.Buffers.Binary;
using System.Collections.Concurrent;
using Forethought.Encoding;
using Forethought.Tsdb.Chunks;
using Forethought.Tsdb.Platform;

namespace Forethought.Tsdb.HeadChunks;

/// <summary>
/// Full chunks of the head on disk, so that memory holds only where they are. Losing them loses nothing: the log has their samples.
/// Reading is thread-safe; writing, truncating and scanning come from one caller at a time.
/// </summary>
internal sealed class HeadChunkFiles : IDisposable
{
    private readonly IStorageDirectory _directory;
    private readonly int _maxFileBytes;
    private readonly ConcurrentDictionary<int, HeadChunkFile> _files = new();
    private readonly byte[] _entry = new byte[HeadChunkFormat.EntryHeaderBytes + Varint.MaxLength];
    private SequentialWriter? _writer;
    private bool _hasBegun;
    private HeadChunkFile? _current;

    // Not taken from the files there are: the last of them may be on its way out on another thread.
    private int _nextNumber = 1;

    /// <summary>Opens the files that are there; a new one is begun with the first chunk.</summary>
    /// <param name="directory">The directory <c>chunks_head</c>.</param>
    /// <param name="maxFileBytes">The most bytes of a file.</param>
    public HeadChunkFiles(IStorageDirectory directory, int maxFileBytes = HeadChunkFormat.MaxFileBytes)
    {
        _directory = directory;
        _maxFileBytes = maxFileBytes;
        foreach (StorageEntry entry in directory.List())
        {
            if (!entry.IsDirectory && HeadChunkFormat.TryParseName(entry.Name, out int number))
            {
                _files[number] = new HeadChunkFile(number, directory.Open(entry.Name, isWritable: false)) { Length = entry.Length };
                _nextNumber = Math.Max(_nextNumber, number + 1);
            }
        }
    }

    /// <summary>Called before a scan deletes files of which something else may rely on the chunks.</summary>
    public Action? Losing { get; init; }

    /// <summary>
    /// Whether the last scan met a newest file without content, as a crash right after its creation leaves it; or as damage does, which
    /// may have taken chunks with it.
    /// </summary>
    public bool WasBlank { get; private set; }

    /// <summary>Bytes of all files.</summary>
    public long SizeBytes => _files.Values.Sum(file => file.Length);

    /// <summary>
    /// No chunk in any file is older, used or not; <see cref="long.MaxValue"/> while there is none. Not beside
    /// <see cref="Append"/>.
    /// </summary>
    public long OldestMs => _files.Values.Select(file => file.MinTimeMs).DefaultIfEmpty(long.MaxValue).Min();

    /// <summary>
    /// Hands every chunk to <paramref name="found"/>, file by file. A damaged file, those behind a gap, and all that follow are deleted:
    /// what they held is in the log.
    /// </summary>
    /// <param name="found">May throw a <see cref="TsdbCorruptionException"/> on a chunk that cannot follow those before it.</param>
    /// <returns>The damage that was found, if any.</returns>
    public TsdbCorruptionException? Scan(Action<HeadChunkEntry> found)
    {
        int expected = -1;
        foreach (HeadChunkFile file in _files.Values.OrderBy(file => file.Number).ToArray())
        {
            try
            {
                if (expected >= 0 && file.Number != expected)
                    throw Gap(file, expected);
                Scan(file, found);
                expected = file.Number + 1;
            }
            catch (TsdbCorruptionException damage)
            {
                Losing?.Invoke();
                DeleteFrom(file.Number);
                _nextNumber = expected >= 0 ? expected : file.Number;
                return damage;
            }
        }

        return null;
    }

    /// <summary>Whether the file of a reference is there.</summary>
    public bool Has(ulong reference) => _files.ContainsKey(HeadChunkFormat.FileOf(reference));

    /// <summary>A finding about a chunk, to be thrown.</summary>
    public TsdbCorruptionException Damage(ulong reference, string reason, string expected, string actual) =>
        Damage(HeadChunkFormat.FileOf(reference), HeadChunkFormat.OffsetOf(reference), reason, expected, actual);

    /// <summary>Writes a chunk. It may be read after the next <see cref="Flush"/>.</summary>
    /// <returns>Where it is.</returns>
    /// <exception cref="IOException">It could not be written; a new file is begun with the next chunk.</exception>
    public ulong Append(ulong series, long minTimeMs, long maxTimeMs, ChunkEncoding encoding, bool isOutOfOrder, ReadOnlySpan<byte> chunk)
    {
        if (_writer is null || _writer.Position + HeadChunkFormat.EntryBytes(chunk.Length) > _maxFileBytes)
            BeginFile();
        SequentialWriter writer = _writer!;
        ulong reference = HeadChunkFormat.Reference(_current!.Number, writer.Position);
        BinaryPrimitives.WriteUInt64BigEndian(_entry, series);
        BinaryPrimitives.WriteInt64BigEndian(_entry.AsSpan(sizeof(ulong)), minTimeMs);
        BinaryPrimitives.WriteInt64BigEndian(_entry.AsSpan(2 * sizeof(ulong)), maxTimeMs);
        _entry[HeadChunkFormat.EntryHeaderBytes - 1] = (byte)((byte)encoding | (isOutOfOrder ? HeadChunkFormat.OutOfOrderBit : 0));
        int length = Varint.WriteUvarint(_entry.AsSpan(HeadChunkFormat.EntryHeaderBytes), (ulong)chunk.Length);
        try
        {
            writer.BeginChecksum();
            writer.Write(_entry.AsSpan(0, HeadChunkFormat.EntryHeaderBytes + length));
            writer.Write(chunk);
            writer.WriteChecksum();
        }
        catch (IOException)
        {
            AbandonFile();
            throw;
        }

        _current.Include(minTimeMs, maxTimeMs);
        return reference;
    }

    /// <summary>Makes everything that was written readable.</summary>
    /// <exception cref="IOException">It could not be written: nothing since the last flush may be referred to.</exception>
    public void Flush()
    {
        if (_writer is null)
            return;
        try
        {
            _writer.Flush();
            _current!.Length = _writer.Position;
        }
        catch (IOException)
        {
            AbandonFile();
            throw;
        }
    }

    /// <summary>Reads a chunk's data.</summary>
    /// <param name="reference">From <see cref="Append"/> or <see cref="Scan(Action{HeadChunkEntry})"/>.</param>
    /// <param name="length">Bytes of its data.</param>
    /// <param name="buffer">Grown if it is too short for the chunk with all that is around it.</param>
    /// <returns>The data, within the buffer.</returns>
    /// <exception cref="TsdbCorruptionException">What is there is not what was written.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public ReadOnlySpan<byte> Read(ulong reference, int length, ref byte[] buffer)
    {
        int number = HeadChunkFormat.FileOf(reference);
        long offset = HeadChunkFormat.OffsetOf(reference);
        int size = HeadChunkFormat.EntryBytes(length);
        if (buffer.Length < size)
            buffer = new byte[Math.Max(size, 2 * buffer.Length)];
        if (!_files.TryGetValue(number, out HeadChunkFile? file))
            throw Damage(number, offset, $"head chunk file index {number} does not exist on disk", "a file", "none");
        Span<byte> entry = buffer.AsSpan(0, size);
        int read = file.File.Read(entry, offset);
        if (read < size)
            throw Damage(number, offset, "head chunk file doesn't include enough bytes to read the chunk", $"{size} bytes", $"{read} bytes");
        uint declared = BinaryPrimitives.ReadUInt32BigEndian(entry[^HeadChunkFormat.ChecksumBytes..]);
        uint actual = Crc32C.Compute(entry[..^HeadChunkFormat.ChecksumBytes]);
        if (declared != actual)
            throw Damage(number, offset, "checksum mismatch", $"{declared:x}", $"{actual:x}");
        return entry.Slice(HeadChunkFormat.DataOffset(length), length);
    }

    /// <summary>
    /// Takes the files out of use in which everything is older than a time, oldest first; and ends the current one, so that it can go
    /// another time.
    /// </summary>
    /// <returns>To be called when nobody can read the files any more: it deletes them.</returns>
    /// <exception cref="IOException">The current file could not be finished.</exception>
    public Action Truncate(long minTimeMs)
    {
        var dropped = new List<HeadChunkFile>();
        foreach (HeadChunkFile file in _files.Values.OrderBy(file => file.Number))
        {
            if (file == _current || file.MaxTimeMs >= minTimeMs)
                break;
            dropped.Add(file);
        }

        FinishFile();
        return () =>
        {
            foreach (HeadChunkFile file in dropped)
                Delete(file);
        };
    }

    /// <summary>Finishes the current file and closes all.</summary>
    public void Dispose()
    {
        try
        {
            FinishFile();
        }
        catch (IOException)
        {
            // What is missing is read from the log at the next start.
        }

        foreach (HeadChunkFile file in _files.Values)
            file.Dispose();
        _files.Clear();
    }

    private void Scan(HeadChunkFile file, Action<HeadChunkEntry> found)
    {
        var scanner = new HeadChunkScanner(file.File, file.Number, PathOf(file.Number));

        // A crash right after the creation of a file leaves it empty, or with zeros only.
        if (IsBlank(file))
        {
            WasBlank = true;
            Losing?.Invoke();
            DeleteFrom(file.Number);
            return;
        }

        scanner.CheckHeader();
        while (scanner.TryRead(out HeadChunkEntry entry))
        {
            file.Include(entry.MinTimeMs, entry.MaxTimeMs);
            found(entry);
        }

        file.Length = scanner.Offset;
    }

    private bool IsBlank(HeadChunkFile file)
    {
        if (file.Number != _files.Keys.Max())
            return false;
        Span<byte> magic = stackalloc byte[sizeof(uint)];
        return file.File.Read(magic, 0) < magic.Length || magic.IndexOfAnyExcept((byte)0) < 0;
    }

    private void BeginFile()
    {
        FinishFile();
        SyncNewest();
        IStorageFile file = _directory.Create(HeadChunkFormat.NameOf(_nextNumber));
        _current = new HeadChunkFile(_nextNumber, file);
        _files[_nextNumber++] = _current;
        _writer = new SequentialWriter(file);
        _writer.WriteUInt32(HeadChunkFormat.Magic);
        _writer.WriteByte(HeadChunkFormat.Version);
        _writer.Pad(HeadChunkFormat.FileHeaderBytes);
    }

    // The file stays open for reading. Upstream syncs where it cuts, too.
    public void FinishFile()
    {
        if (_writer is null)
            return;
        Flush();
        try
        {
            _writer.Sync();
            _directory.Sync();
        }
        catch (IOException)
        {
            LeaveGap();
            throw;
        }

        _writer = null;
        _current = null;
    }

    // After a failed write nobody knows what is in the file behind the last flush: it is cut there, if that still works. A file without a
    // chunk goes as a whole, so that attempts on a full disk do not pile up.
    private void AbandonFile()
    {
        HeadChunkFile abandoned = _current!;
        if (abandoned.Length == HeadChunkFormat.FileHeaderBytes)
        {
            _writer = null;
            _current = null;
            DeleteFrom(abandoned.Number);
            return;
        }

        try
        {
            abandoned.File.SetLength(abandoned.Length);
            abandoned.File.Sync();
            _directory.Sync();
            _writer = null;
            _current = null;
        }
        catch (IOException)
        {
            LeaveGap();
        }
    }

    // A process that was killed has not synced its last file. No later one may be there after a power loss without that.
    private void SyncNewest()
    {
        if (_hasBegun)
            return;
        if (!_files.IsEmpty)
        {
            using IStorageFile newest = _directory.Open(HeadChunkFormat.NameOf(_files.Keys.Max()), isWritable: true);
            newest.Sync();
            _directory.Sync();
        }

        _hasBegun = true;
    }

    // Chunks of the file may be gone after a power loss, even if another sync should succeed. With later ones of their series replay would
    // pass over their samples in the log: behind a missing number it reads no file.
    private void LeaveGap()
    {
        _writer = null;
        _current = null;
        _nextNumber++;
    }

    private void DeleteFrom(int number)
    {
        foreach (HeadChunkFile file in _files.Values.Where(file => file.Number >= number).OrderByDescending(file => file.Number).ToArray())
            Delete(file);
        _nextNumber = number;
    }

    // A file that cannot be deleted holds chunks that nothing refers to; it is tried again with the next truncation after a restart.
    private void Delete(HeadChunkFile file)
    {
        _files.TryRemove(file.Number, out _);
        file.Dispose();
        try
        {
            _directory.Delete(HeadChunkFormat.NameOf(file.Number));
        }
        catch (IOException)
        {
            // See above.
        }
    }

    private string PathOf(int number) => Path.Combine(_directory.FullName, HeadChunkFormat.NameOf(number));

    private TsdbCorruptionException Gap(HeadChunkFile file, int expected) => TsdbCorruptionException.InFile(
        PathOf(file.Number), 0, $"found unsequential head chunk files (index: {expected - 1}) and (index: {file.Number})", $"{expected}", $"{file.Number}");

    private TsdbCorruptionException Damage(int number, long offset, string reason, string expected, string actual) =>
        TsdbCorruptionException.InFile(PathOf(number), offset, reason, expected, actual);
}
