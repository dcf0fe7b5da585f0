using System.Net;
using Forethought.Testing;

namespace EndToEnd.Tests;

/// <summary>A data directory that takes a while to replay: one real log segment, repeated.</summary>
internal static class SlowReplay
{
    public const int Series = 2000;

    private const int SamplesPerSeries = 100;
    private const int Copies = 25;

    /// <summary>Fills the home's log; no server runs before and after.</summary>
    public static async Task Prepare(ServerHome home)
    {
        await using (ServerProcess server = await home.Start())
        {
            using var writer = new RemoteWriter(home.Address);
            long start = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() - 60_000;
            for (int first = 0; first < Series; first += 500)
                Assert.Equal(HttpStatusCode.NoContent, await writer.Write(Batch(first, start)));
            await server.Kill();
        }

        string segment = Assert.Single(Directory.GetFiles(home.WalDirectory));
        for (int i = 1; i <= Copies; i++)
            File.Copy(segment, Path.Combine(home.WalDirectory, $"{i:D8}"));
    }

    private static IEnumerable<WrittenSample> Batch(int first, long start) =>
        from series in Enumerable.Range(first, 500)
        from i in Enumerable.Range(0, SamplesPerSeries)
        select new WrittenSample(start + (i * 500), i * 0.7, ("__name__", "replayed"), ("series", $"{series}"));
}
