using System.Buffers.Binary;
using Forethought.Encoding;
using Forethought.Tsdb.Platform;
using Forethought.Tsdb.Wal;

namespace Forethought.Tsdb.Tombstones;

/// <summary>
/// Reads and writes a block's <c>tombstones</c>: magic number, version, then for each deleted interval reference (uvarint), first and
/// last time (varints), and at the end a CRC-32C, which covers the intervals only.
/// </summary>
internal static class TombstoneFile
{
    public const string Name = "tombstones";

    private const string TemporaryName = Name + ".tmp";
    private const uint Magic = 0x0130BA30;
    private const byte Version = 1;
    private const int HeaderBytes = sizeof(uint) + sizeof(byte);
    private const int ChecksumBytes = sizeof(uint);

    /// <summary>Reads the file of a block's directory; without one nothing is deleted.</summary>
    /// <param name="directory">The block's directory.</param>
    /// <param name="size">The file's length in bytes, 0 if there is none.</param>
    /// <exception cref="TsdbCorruptionException">It is not what it should be.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static TombstoneSet Read(IStorageDirectory directory, out long size)
    {
        size = 0;
        if (!directory.List().Any(entry => entry.Name == Name))
            return new TombstoneSet();
        using IStorageFile file = directory.Open(Name, isWritable: false);
        size = file.Length;
        string path = Path.Combine(directory.FullName, Name);
        if (size > Array.MaxLength)
            throw TsdbCorruptionException.InFile(path, 0, "tombstones are too long", $"at most {Array.MaxLength} bytes", $"{size} bytes");
        byte[] bytes = new byte[size];
        return Parse(bytes.AsSpan(0, file.Read(bytes, 0)), path);
    }

    /// <summary>Replaces the file of a block's directory; after a crash there is the old one or the new one.</summary>
    /// <returns>Its length in bytes.</returns>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static long Write(IStorageDirectory directory, TombstoneSet tombstones)
    {
        long size;
        using (var writer = new SequentialWriter(directory.Create(TemporaryName)))
        {
            writer.WriteUInt32(Magic);
            writer.WriteByte(Version);
            writer.BeginChecksum();
            foreach ((ulong reference, TimeIntervals intervals) in tombstones.Series)
            {
                foreach (TimeInterval interval in intervals.Span)
                {
                    writer.WriteUvarint(reference);
                    writer.WriteVarint(interval.MinTimeMs);
                    writer.WriteVarint(interval.MaxTimeMs);
                }
            }

            writer.WriteChecksum();
            writer.Sync();
            size = writer.Position;
        }

        directory.Rename(TemporaryName, Name);
        directory.Sync();
        return size;
    }

    private static TombstoneSet Parse(ReadOnlySpan<byte> bytes, string path)
    {
        if (bytes.Length < HeaderBytes + ChecksumBytes)
        {
            throw TsdbCorruptionException.InFile(
                path, 0, "tombstones header: invalid size", $"{HeaderBytes + ChecksumBytes} bytes", $"{bytes.Length} bytes");
        }

        uint magic = BinaryPrimitives.ReadUInt32BigEndian(bytes);
        if (magic != Magic)
            throw TsdbCorruptionException.InFile(path, 0, $"invalid magic number {magic:x}", $"{Magic:x}", $"{magic:x}");
        ReadOnlySpan<byte> intervals = bytes[HeaderBytes..^ChecksumBytes];
        uint declared = BinaryPrimitives.ReadUInt32BigEndian(bytes[^ChecksumBytes..]);
        uint actual = Crc32C.Compute(intervals);
        if (declared != actual)
        {
            throw TsdbCorruptionException.InFile(
                path, bytes.Length - ChecksumBytes, "checksum did not match", $"{declared:x8}", $"{actual:x8}");
        }

        byte version = bytes[sizeof(uint)];
        if (version != Version)
            throw TsdbCorruptionException.InFile(path, sizeof(uint), $"invalid tombstone format {version:x}", $"{Version}", $"{version}");
        try
        {
            return ParseIntervals(new RecordReader(intervals, 0));
        }
        catch (TsdbCorruptionException e)
        {
            throw e.Locate(path, HeaderBytes, "read tombstones");
        }
    }

    // In order each interval goes behind those before it: in whatever order they come, reading them takes no more than sorting.
    private static TombstoneSet ParseIntervals(RecordReader reader)
    {
        var found = new List<(ulong Reference, long MinTimeMs, long MaxTimeMs)>();
        while (!reader.IsAtEnd)
            found.Add((reader.ReadUvarint(), reader.ReadVarint(), reader.ReadVarint()));
        found.Sort();
        var tombstones = new TombstoneSet();
        foreach ((ulong reference, long minTimeMs, long maxTimeMs) in found)
            tombstones.Add(reference, new TimeInterval(minTimeMs, maxTimeMs));
        return tombstones;
    }
}
