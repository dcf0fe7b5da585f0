using System.Text.Json;
using Forethought.Testing;
using Forethought.Tsdb.Head;
using Forethought.Tsdb.Tests.Platform;

namespace Forethought.Tsdb.Tests.Hostile;

/// <summary>The file that says which references were given out, damaged: it is read, or refused as its reader expects it.</summary>
public sealed class HostileSeriesStateTests
{
    [Fact]
    public void Mutated_or_cut_it_is_read_or_refused()
    {
        var input = new HostileInput
        {
            Seeds = ["{\"last_series_id\":70000,\"last_wal_segment\":3,\"clean_shutdown\":true}\n"u8.ToArray(), "{\"x\":[[{}]]}"u8.ToArray()],
            Decode = Read,
            IsDocumented = e => e is JsonException or InvalidOperationException,
        };
        input.Cut();
        input.Mutate(350, 10_000);
    }

    private static void Read(byte[] json)
    {
        var disk = new MemoryDisk();
        StoredFiles.Put(disk, "wal/" + SeriesStateFile.FileName, json);
        Assert.NotNull(new SeriesStateFile(disk.Log).Read());
    }
}
