using Forethought.Testing;
using Forethought.Tsdb.Chunks;
using Forethought.Tsdb.HeadChunks;
using Forethought.Tsdb.Tests.Platform;

namespace Forethought.Tsdb.Tests.Hostile;

/// <summary>
/// Files of the head's chunks, damaged: a scan hands out what it found before the damage, reads all of it back, and leaves files that
/// the next scan finds whole.
/// </summary>
public sealed class HostileHeadChunkTests
{
    private readonly List<HeadChunkEntry> _found = [];
    private byte[] _buffer = [];

    [Fact]
    public void Cut_anywhere_what_was_whole_is_found() => Input().Cut();

    [Fact]
    public void Mutated_what_was_whole_is_found() => Input().Mutate(340, 6000);

    // Damage is an answer of the scan and no failure.
    private HostileInput Input() => new()
    {
        Seeds = [Write()],
        Seal = FileChecksums.SealHeadChunks,
        Decode = Scan,
        IsDocumented = _ => false,
        AllocatedAlways = 128 << 10,
    };

    private void Scan(byte[] bytes)
    {
        var disk = new MemoryDisk();
        var directory = (MemoryDirectory)disk.Root.GetDirectory(HeadChunkFormat.DirectoryName);
        directory.Create("000001").Dispose();
        directory.File("000001").Content = bytes;
        disk.ReadsLeft = 100;
        TsdbCorruptionException? damage;
        using (var files = new HeadChunkFiles(directory))
        {
            _found.Clear();
            damage = files.Scan(_found.Add);
            Assert.InRange(_found.Count, 0, bytes.Length / 30);
            foreach (HeadChunkEntry entry in _found)
                CheckRead(files, entry);
            files.Append(9, 1, 2, ChunkEncoding.Xor, isOutOfOrder: false, [0, 0]);
        }

        if (damage is not null)
            Assert.Equal("/data/chunks_head/000001", damage.File);
        using var again = new HeadChunkFiles(directory);
        Assert.Null(again.Scan(_ => { }));
    }

    private void CheckRead(HeadChunkFiles files, HeadChunkEntry entry)
    {
        if (files.Has(entry.Reference))
            Assert.Equal(entry.Length, files.Read(entry.Reference, entry.Length, ref _buffer).Length);
    }

    private static byte[] Write()
    {
        var disk = new MemoryDisk();
        using (var files = new HeadChunkFiles(disk.Root))
        {
            ulong series = 0;
            foreach (ChunkEncoding encoding in (ChunkEncoding[])[ChunkEncoding.Xor, ChunkEncoding.FloatHistogram])
            {
                foreach (byte[] chunk in ChunkSeeds.Of(encoding).Take(4))
                    files.Append(++series, -5, 1_700_000_000_000, encoding, isOutOfOrder: series == 3, chunk);
            }
        }

        return disk.Root.File("000001").Content;
    }
}
