using System.Buffers.Binary;
using Forethought.Tsdb.Platform;

namespace Forethought.Tsdb.Blocks;

/// <summary>The open chunk files of a block, read by position. Thread-safe but for <see cref="Dispose"/>.</summary>
internal sealed class ChunkSegments : IDisposable
{
    private readonly Segment[] _segments;

    private readonly string _directory;

    private ChunkSegments(string directory, Segment[] segments)
    {
        _directory = directory;
        _segments = segments;
        Length = segments.Sum(segment => segment.Length);
    }

    /// <summary>The bytes of all files.</summary>
    public long Length { get; }

    /// <summary>Opens the chunk files of a block's directory and looks at their headers.</summary>
    /// <exception cref="TsdbCorruptionException">A file is none of chunks.</exception>
    /// <exception cref="IOException">The files cannot be read.</exception>
    public static ChunkSegments Open(IStorageDirectory block)
    {
        if (!block.List().Any(entry => entry.IsDirectory && entry.Name == ChunkSegmentFormat.DirectoryName))
        {
            string missing = Path.Combine(block.FullName, ChunkSegmentFormat.DirectoryName);
            throw new DirectoryNotFoundException($"open {missing}: no such file or directory");
        }

        IStorageDirectory directory = block.GetDirectory(ChunkSegmentFormat.DirectoryName);
        var segments = new List<Segment>();
        try
        {
            // Their place in the order of names is what references count, not the number that the name is.
            foreach (StorageEntry entry in directory.List().Where(IsSegment).OrderBy(entry => entry.Name, StringComparer.Ordinal))
                segments.Add(Segment.Open(directory, entry.Name, segments.Count));
            return new ChunkSegments(directory.FullName, [.. segments]);
        }
        catch
        {
            segments.ForEach(segment => segment.Dispose());
            throw;
        }
    }

    /// <summary>The path of a segment, for messages; of one that does not exist, the directory's.</summary>
    public string PathOf(int segment) => segment < _segments.Length ? _segments[segment].Path : _directory;

    /// <summary>The length of a segment in bytes, −1 if there is none of that number.</summary>
    public long LengthOf(int segment) => segment < _segments.Length ? _segments[segment].Length : -1;

    /// <summary>Fills the buffer from a place in a segment on; fewer bytes are read only at the segment's end.</summary>
    /// <exception cref="IOException">They cannot be read.</exception>
    public int Read(int segment, long offset, Span<byte> buffer) => _segments[segment].File.Read(buffer, offset);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Segment segment in _segments)
            segment.Dispose();
    }

    private static bool IsSegment(StorageEntry entry) => !entry.IsDirectory && entry.Name.Length > 0 && entry.Name.All(char.IsAsciiDigit);

    private sealed class Segment : IDisposable
    {
        private Segment(string path, IStorageFile file)
        {
            Path = path;
            File = file;
            Length = file.Length;
        }

        public string Path { get; }

        public IStorageFile File { get; }

        public long Length { get; }

        public static Segment Open(IStorageDirectory directory, string name, int number)
        {
            var segment = new Segment(System.IO.Path.Combine(directory.FullName, name), directory.Open(name, isWritable: false));
            try
            {
                segment.CheckHeader(number);
                return segment;
            }
            catch
            {
                segment.Dispose();
                throw;
            }
        }

        public void Dispose() => File.Dispose();

        private void CheckHeader(int number)
        {
            Span<byte> header = stackalloc byte[ChunkSegmentFormat.HeaderBytes];
            int read = File.Read(header, 0);
            if (read < header.Length)
            {
                throw TsdbCorruptionException.InFile(
                    Path, 0, $"invalid segment header in segment {number}: invalid size", $"{header.Length} bytes", $"{read} bytes");
            }

            uint magic = BinaryPrimitives.ReadUInt32BigEndian(header);
            if (magic != ChunkSegmentFormat.Magic)
                throw TsdbCorruptionException.InFile(Path, 0, $"invalid magic number {magic:x}", $"{ChunkSegmentFormat.Magic:x}", $"{magic:x}");
            byte version = header[sizeof(uint)];
            if (version != ChunkSegmentFormat.Version)
            {
                throw TsdbCorruptionException.InFile(
                    Path, sizeof(uint), $"invalid chunk format version {version}", $"{ChunkSegmentFormat.Version}", $"{version}");
            }
        }
    }
}
