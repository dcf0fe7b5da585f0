using System.Net;
using Forethought.Testing;

namespace EndToEnd.Tests;

/// <summary>A log whose end is damaged costs the damaged end, with a warning, and nothing before it.</summary>
public sealed class WalDamageTests
{
    private const int Writes = 40;

    public enum Damage
    {
        BitFlipped,
        Torn,
        GarbageAppended,
    }

    [Theory]
    [InlineData(Damage.BitFlipped)]
    [InlineData(Damage.Torn)]
    [InlineData(Damage.GarbageAppended)]
    public async Task Nothing_before_the_damage_is_lost(Damage damage)
    {
        using var home = new ServerHome();
        long[] ends = await WriteAndKill(home);
        // The damage is in the record of the write with this number.
        int damaged = damage == Damage.GarbageAppended ? Writes : Writes - 3;
        await Apply(damage, Assert.Single(Directory.GetFiles(home.WalDirectory)), ends, damaged);

        await using (ServerProcess server = await home.Start())
        {
            Assert.Contains("Encountered WAL read error, attempting repair", server.Log, StringComparison.Ordinal);
            Assert.Contains("corruption in segment", server.Log, StringComparison.Ordinal);
            Assert.Equal(1, await server.Api.OwnMetric("prometheus_tsdb_wal_corruptions_total"));
            Assert.Equal(Enumerable.Range(0, damaged).Select(i => (double)i), await Values(server));
            using var writer = new RemoteWriter(home.Address);
            Assert.Equal(HttpStatusCode.NoContent, await writer.Write(Batch(Writes)));
            await server.Kill();
        }

        await using ServerProcess again = await home.Start();
        Assert.DoesNotContain("Encountered WAL read error", again.Log, StringComparison.Ordinal);
        Assert.Equal([.. Enumerable.Range(0, damaged).Select(i => (double)i), Writes], await Values(again));
    }

    /// <summary>The length of the log after each write.</summary>
    private static async Task<long[]> WriteAndKill(ServerHome home)
    {
        await using ServerProcess server = await home.Start();
        using var writer = new RemoteWriter(home.Address);
        var ends = new long[Writes];
        for (int i = 0; i < Writes; i++)
        {
            Assert.Equal(HttpStatusCode.NoContent, await writer.Write(Batch(i)));
            ends[i] = new FileInfo(Path.Combine(home.WalDirectory, "00000000")).Length;
        }

        await server.Kill();
        return ends;
    }

    private static async Task Apply(Damage damage, string segment, long[] ends, int damaged)
    {
        byte[] bytes = await File.ReadAllBytesAsync(segment);
        if (damage == Damage.GarbageAppended)
        {
            byte[] garbage = new byte[777];
            new Random(7).NextBytes(garbage);
            garbage[0] = 1;
            await File.WriteAllBytesAsync(segment, [.. bytes, .. garbage]);
            return;
        }

        int middle = (int)((ends[damaged - 1] + ends[damaged]) / 2);
        if (damage == Damage.Torn)
            bytes = bytes[..middle];
        else
            bytes[middle] ^= 0x10;
        await File.WriteAllBytesAsync(segment, bytes);
    }

    private static async Task<IEnumerable<double>> Values(ServerProcess server) =>
        (await server.Api.Query("written{i='3'}[10m]")).Select(sample => sample.Value);

    private static IEnumerable<WrittenSample> Batch(int number)
    {
        long timestampMs = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() - 60_000 + (number * 1000);
        return Enumerable.Range(0, 100).Select(i => new WrittenSample(timestampMs, number, ("__name__", "written"), ("i", $"{i}")));
    }
}
