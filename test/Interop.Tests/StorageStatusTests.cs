using System.Text.Json;
using Forethought.Testing;

namespace Interop.Tests;

/// <summary>Both servers tell the same of what they store.</summary>
public sealed class StorageStatusTests
{
    [Theory]
    [InlineData("?limit=1000")]
    [InlineData("")]
    [InlineData("?limit=0")]
    [InlineData("?limit=x")]
    public async Task Of_the_same_samples(string parameters)
    {
        using var theirs = new ServerHome(binary: Reference.Prometheus);
        using var ours = new ServerHome();
        var history = new WrittenHistory();
        await using ServerProcess their = await theirs.Start();
        await using ServerProcess our = await ours.Start();
        foreach (ServerHome home in (ServerHome[])[theirs, ours])
            await history.Write(home, 0, WrittenHistory.Ticks / 2);

        (System.Net.HttpStatusCode theirStatus, string theirBody) = await their.Api.Get("api/v1/status/tsdb" + parameters);
        (System.Net.HttpStatusCode ourStatus, string ourBody) = await our.Api.Get("api/v1/status/tsdb" + parameters);
        Assert.Equal(theirStatus, ourStatus);
        Assert.Equal(Content(theirBody), Content(ourBody));
    }

    // Entries of equal count come in any order, so only the counts tell which are in a list that was cut.
    private static string[] Content(string body)
    {
        using JsonDocument document = JsonDocument.Parse(body);
        if (!document.RootElement.TryGetProperty("data", out JsonElement data))
            return [body];
        var content = new List<string>();
        foreach (JsonProperty member in data.EnumerateObject())
        {
            IEnumerable<string> texts = member.Value.ValueKind != JsonValueKind.Array ? [member.Value.GetRawText()]
                : member.Value.GetArrayLength() == 10 ? member.Value.EnumerateArray().Select(entry => entry.GetProperty("value").GetRawText())
                : member.Value.EnumerateArray().Select(entry => entry.GetRawText()).Order(StringComparer.Ordinal);
            content.AddRange(texts.Select(text => $"{member.Name} {text}"));
        }

        return [.. content];
    }
}
