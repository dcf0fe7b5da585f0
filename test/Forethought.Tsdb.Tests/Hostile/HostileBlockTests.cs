using Forethought.Model;
using Forethought.Testing;
using Forethought.Tsdb.Blocks;
using Forethought.Tsdb.Chunks;
using Forethought.Tsdb.Compaction;
using Forethought.Tsdb.Tests.Blocks;
using Forethought.Tsdb.Tests.Platform;
using Forethought.Tsdb.Tombstones;

namespace Forethought.Tsdb.Tests.Hostile;

/// <summary>The files of a block, damaged one by one: each is read, or refused with its name.</summary>
public sealed class HostileBlockTests
{
    private const string Meta =
        """
        {"ulid":"01M7WFPX44NQG5SY67SS3R2PA8","minTime":-5,"maxTime":1700006400000,
        "stats":{"numSamples":1160,"numFloatSamples":872,"numHistogramSamples":288,"numSeries":50,"numChunks":53,"numTombstones":3},
        "compaction":{"level":2,"sources":["01M7WFPX44NQG5SY67SS3R2PA8","01M7WFPX61A9Z3NSK58D9EXN8J"],"deletable":true,
        "parents":[{"ulid":"01M7WFPX61A9Z3NSK58D9EXN8J","minTime":0,"maxTime":10}],"failed":true,"hints":["from-out-of-order"]},"version":1}
        """;

    private readonly SampleBatch _batch = new();

    [Fact]
    public void An_index_mutated_is_read_or_refused() => Index([IndexContent.Write(), OfVersion3()]).Mutate(330, 8000);

    [Fact]
    public void An_index_of_version_1_mutated_or_cut_is_read_or_refused()
    {
        HostileInput index = Index([File.ReadAllBytes(Conformance.Path("tsdb/index_format_v1/index"))]);
        index.Mutate(331, 1500);
        index.Cut(step: 7);
    }

    [Fact]
    public void Chunk_files_mutated_or_cut_are_read_or_refused()
    {
        byte[] segment = WriteSegment(out List<ulong> references);
        var input = new HostileInput
        {
            Seeds = [segment],
            Seal = FileChecksums.SealChunkSegment,
            Decode = bytes => ReadSegment(bytes, references),
            IsDocumented = e => e is TsdbCorruptionException { File: "/data/chunks/000001" },
            AllocatedPerByte = 1024,
        };
        input.Mutate(332, 3000);
        input.Cut(step: 3);
    }

    [Fact]
    public void Deletions_mutated_or_cut_are_read_or_refused()
    {
        var set = new TombstoneSet();
        foreach (uint reference in (uint[])[1, 7, 300, 70_000])
        {
            set.Add(reference, new TimeInterval(1_700_000_000_000, 1_700_003_600_000));
            set.Add(reference, new TimeInterval(-5, reference));
        }

        set.Add(8, new TimeInterval(long.MinValue, long.MaxValue));
        var disk = new MemoryDisk();
        TombstoneFile.Write(disk.Root, set);
        var input = new HostileInput
        {
            Seeds = [disk.Root.File("tombstones").Content],
            Seal = FileChecksums.SealTombstones,
            Decode = ReadTombstones,
            IsDocumented = e => e is TsdbCorruptionException { File: "/data/tombstones" },
            AllocatedPerByte = 128,
        };
        input.Cut();
        input.Mutate(333, 10_000);
    }

    [Fact]
    public void A_description_mutated_or_cut_is_read_or_refused()
    {
        var input = new HostileInput
        {
            Seeds = [System.Text.Encoding.UTF8.GetBytes(Meta), "{\"version\":1,\"ulid\":\"01M7WFPX44NQG5SY67SS3R2PA8\",\"x\":[[[{}]]]}"u8.ToArray()],
            Decode = json => BlockMetaFile.Parse(json, "meta.json"),
            IsDocumented = e => e is TsdbCorruptionException { File: "meta.json" },
            AllocatedPerByte = 64,
        };
        input.Cut();
        input.Mutate(334, 10_000);
    }

    [Fact]
    public void Old_blocks_are_mended_whatever_their_files_hold()
    {
        byte[] index = IndexContent.Write();
        var input = new HostileInput
        {
            Seeds = [System.Text.Encoding.UTF8.GetBytes(Meta.Replace("\"version\":1", "\"version\":2", StringComparison.Ordinal))],
            Decode = json => Mend(json, index),
            IsDocumented = e => e is TsdbCorruptionException { File: "/data/meta.json" },
            AllocatedAlways = 1 << 20,
        };
        input.Mutate(335, 3000);
        foreach (int length in (int[])[0, 1, 4, 5, 100])
            Mend(input.Seeds[0], index[..length]);
    }

    private static HostileInput Index(byte[][] seeds) => new()
    {
        Seeds = seeds,
        Seal = IndexChecksums.Seal,
        Decode = IndexContent.Read,
        IsDocumented = e => e is TsdbCorruptionException { File: "/data/index" },
        AllocatedPerByte = 64,
        AllocatedAlways = 1 << 20,
    };

    private static byte[] OfVersion3()
    {
        byte[] index = IndexContent.Write();
        index[4] = 3;
        return index;
    }

    private static byte[] WriteSegment(out List<ulong> references)
    {
        var disk = new MemoryDisk();
        references = [];
        using var writer = new ChunkSegmentWriter(disk.Root.GetDirectory("chunks"), 1 << 20);
        foreach (ChunkEncoding encoding in (ChunkEncoding[])[ChunkEncoding.Xor, ChunkEncoding.Histogram, ChunkEncoding.Xor2])
        {
            writer.BeginSeries();
            foreach (byte[] chunk in ChunkSeeds.Of(encoding).Take(4))
                references.Add(writer.Write(new SourceChunk(0, 1, encoding, chunk)));
        }

        writer.Finish();
        return ((MemoryDirectory)disk.Root.GetDirectory("chunks")).File("000001").Content;
    }

    // Also from where no chunk begins. Whatever a chunk's bytes are, its file is named by who reads blocks.
    private void ReadSegment(byte[] bytes, List<ulong> references)
    {
        MemoryDisk disk = DiskWith(("chunks/000001", bytes));
        using ChunkSegments segments = ChunkSegments.Open(disk.Root);
        using var reader = new ChunkReader(segments);
        TsdbCorruptionException? first = null;
        foreach (ulong reference in (ulong[])[0, 5, 9, (ulong)bytes.Length, uint.MaxValue, ulong.MaxValue])
            Assert.True(Record.Exception(() => reader.Read(reference).Encoding) is null or TsdbCorruptionException);
        foreach (ulong reference in references)
        {
            try
            {
                StoredChunk chunk = reader.Read(reference);
                _batch.Clear();
                ChunkDecoder.Decode(chunk.Encoding, chunk.Bytes, long.MinValue, long.MaxValue, _batch);
            }
            catch (TsdbCorruptionException e)
            {
                first ??= e.File.Length == 0 ? e.Locate("/data/chunks/000001", (uint)reference, "read") : e;
            }
        }

        if (first is not null)
            throw first;
    }

    private static void ReadTombstones(byte[] bytes)
    {
        TombstoneSet read = TombstoneFile.Read(DiskWith(("tombstones", bytes)).Root, out long size);
        Assert.Equal(bytes.Length, size);
        Assert.InRange(read.Count, 0, bytes.Length / 3);
    }

    private static void Mend(byte[] json, byte[] index)
    {
        MemoryDisk disk = DiskWith(("meta.json", json), ("index", index));
        if (BlockRepair.MendVersion(disk.Root))
            BlockMetaFile.Read(disk.Root, out _);
    }

    private static MemoryDisk DiskWith(params ReadOnlySpan<(string Path, byte[] Content)> files)
    {
        var disk = new MemoryDisk();
        foreach ((string path, byte[] content) in files)
            StoredFiles.Put(disk, path, content);
        return disk;
    }
}
