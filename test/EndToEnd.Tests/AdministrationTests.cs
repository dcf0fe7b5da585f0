using System.Net;
using System.Text.Json;
using Forethought.Testing;

namespace EndToEnd.Tests;

/// <summary>Deleting series and taking snapshots of a running server.</summary>
public sealed class AdministrationTests
{
    private const string EnablesAdministration = "--web.enable-admin-api";

    private readonly long _startMs = TimeProvider.System.GetUtcNow().AddMinutes(-50).ToUnixTimeMilliseconds() / 60_000 * 60_000;

    [Fact]
    public async Task Deletes_and_makes_snapshots_over_http()
    {
        using var home = new ServerHome();
        string snapshot;
        await using (ServerProcess server = await home.Start(EnablesAdministration))
        {
            using var writer = new RemoteWriter(home.Address);
            Assert.Equal(HttpStatusCode.NoContent, await writer.Write(Samples("kept").Concat(Samples("deleted"))));
            string third = $"{(_startMs + 120_000) / 1000}";
            await Delete(server, ("match[]", "written{i='deleted'}"), ("start", third));
            await Check(server, kept: 40, deleted: 2);
            snapshot = await Snapshot(server);
            await Delete(server, ("match[]", "written"));
            await Check(server, kept: 0, deleted: 0);
            Assert.Equal(0, await server.Terminate());
        }

        await using (ServerProcess server = await home.Start(EnablesAdministration))
            await Check(server, kept: 0, deleted: 0);

        // What the head had is a block in the snapshot, from which samples are deleted and taken off the disk.
        home.DataDirectory = Path.Combine(home.DataDirectory, "snapshots", snapshot);
        string block = Path.GetFileName(Assert.Single(Directory.GetDirectories(home.DataDirectory)));
        await using (ServerProcess server = await home.Start(EnablesAdministration))
        {
            await Check(server, kept: 40, deleted: 2);
            await Delete(server, ("match[]", "{i='kept'}"), ("end", $"{(_startMs + (9 * 60_000)) / 1000}"));
            await Check(server, kept: 30, deleted: 2);
            Assert.Equal((HttpStatusCode.NoContent, ""), await server.Api.Post("api/v1/admin/tsdb/clean_tombstones"));
            await Check(server, kept: 30, deleted: 2);
            Assert.False(Directory.Exists(Path.Combine(home.DataDirectory, block)));
            Assert.Equal(1, await server.Api.OwnMetric("prometheus_tsdb_tombstone_cleanup_seconds_count"));
        }
    }

    [Fact]
    public async Task Is_refused_without_its_flag()
    {
        using var home = new ServerHome();
        await using ServerProcess server = await home.Start();
        (HttpStatusCode status, string body) = await server.Api.Post("api/v1/admin/tsdb/snapshot");
        Assert.Equal(HttpStatusCode.InternalServerError, status);
        Assert.Contains("admin APIs disabled", body, StringComparison.Ordinal);
    }

    private static async Task Delete(ServerProcess server, params (string, string)[] parameters) =>
        Assert.Equal((HttpStatusCode.NoContent, ""), await server.Api.Post("api/v1/admin/tsdb/delete_series", parameters));

    private static async Task<string> Snapshot(ServerProcess server)
    {
        (HttpStatusCode status, string body) = await server.Api.Post("api/v1/admin/tsdb/snapshot");
        Assert.Equal(HttpStatusCode.OK, status);
        return JsonSerializer.Deserialize<JsonElement>(body).GetProperty("data").GetProperty("name").GetString()!;
    }

    private async Task Check(ServerProcess server, int kept, int deleted)
    {
        DateTimeOffset end = DateTimeOffset.FromUnixTimeMilliseconds(_startMs + (39 * 60_000));
        Assert.Equal(kept, (await server.Api.Query("written{i='kept'}[1h]", end)).Count);
        Assert.Equal(deleted, (await server.Api.Query("written{i='deleted'}[1h]", end)).Count);
    }

    // 40 samples, one a minute.
    private IEnumerable<WrittenSample> Samples(string i) =>
        Enumerable.Range(0, 40).Select(tick => new WrittenSample(_startMs + (tick * 60_000), tick, ("__name__", "written"), ("i", i)));
}
