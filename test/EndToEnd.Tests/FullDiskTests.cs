using System.Net;
using Forethought.Testing;

namespace EndToEnd.Tests;

/// <summary>A full disk stops the writing, loudly, and nothing else; with space again the writing goes on.</summary>
public sealed class FullDiskTests
{
    private readonly DateTimeOffset _start = TimeProvider.System.GetUtcNow();

    [Fact]
    public async Task Lives_through_a_full_disk_and_keeps_what_it_acknowledged()
    {
        await using SmallDisk disk = await SmallDisk.Mount(megabytes: 16);
        using var home = new ServerHome { DataDirectory = Path.Combine(disk.Path, "data") };
        var acknowledged = new List<double>();
        await using (ServerProcess server = await home.Start())
        {
            using var writer = new RemoteWriter(home.Address);
            await WriteUntil(HttpStatusCode.NoContent, writer, acknowledged, attempts: 1);
            disk.Fill(leaveBytes: 100_000);
            await WriteUntil(HttpStatusCode.InternalServerError, writer, acknowledged, attempts: 1000);
            await WriteUntil(HttpStatusCode.InternalServerError, writer, acknowledged, attempts: 20);

            Assert.Contains("no space left on device", server.Log, StringComparison.OrdinalIgnoreCase);
            Assert.True(await server.Api.Answers("-/healthy"));
            Assert.Subset((await Written(server)).ToHashSet(), acknowledged.ToHashSet());

            disk.Free();
            await WriteUntil(HttpStatusCode.NoContent, writer, acknowledged, attempts: 100);
            await server.Kill();
        }

        await using ServerProcess again = await home.Start();
        Assert.Subset((await Written(again)).ToHashSet(), acknowledged.ToHashSet());
    }

    private async Task WriteUntil(HttpStatusCode wanted, RemoteWriter writer, List<double> acknowledged, int attempts)
    {
        HttpStatusCode status = HttpStatusCode.Unused;
        while (status != wanted && attempts-- > 0)
        {
            double number = (acknowledged.Count == 0 ? 0 : acknowledged[^1]) + 1;
            status = await writer.Write(Batch(number));
            if (status == HttpStatusCode.NoContent)
                acknowledged.Add(number);
        }

        Assert.Equal(wanted, status);
    }

    private IEnumerable<WrittenSample> Batch(double number)
    {
        long timestampMs = _start.ToUnixTimeMilliseconds() + (long)number;
        return Enumerable.Range(0, 200).Select(i => new WrittenSample(timestampMs, number, ("__name__", "written"), ("i", $"{i}")));
    }

    private static async Task<IEnumerable<double>> Written(ServerProcess server) =>
        (await server.Api.Query("written{i='3'}[10m]")).Select(sample => sample.Value);
}
