using System.Globalization;
using System.Net;
using System.Text.Json;
using Xunit;

namespace Forethought.Testing;

/// <summary>A client of the HTTP API that Prometheus and Forethought share.</summary>
public sealed class PrometheusApi(Uri address) : IDisposable
{
    private readonly HttpClient _client = new() { BaseAddress = address, Timeout = TimeSpan.FromSeconds(20) };

    /// <summary>Whether the path answers 200 right now; false also when nobody listens.</summary>
    public async Task<bool> Answers(string path)
    {
        try
        {
            return (await Get(path)).Status == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    /// <summary>The answer to a GET.</summary>
    public async Task<(HttpStatusCode Status, string Body)> Get(string path)
    {
        using HttpResponseMessage response = await _client.GetAsync(new Uri(path, UriKind.Relative));
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    /// <summary>The answer to a POST of a form.</summary>
    public async Task<(HttpStatusCode Status, string Body)> Post(string path, params (string Name, string Value)[] form)
    {
        using var content = new FormUrlEncodedContent(form.Select(field => KeyValuePair.Create(field.Name, field.Value)));
        using HttpResponseMessage response = await _client.PostAsync(new Uri(path, UriKind.Relative), content);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    /// <summary>The <c>data</c> of a successful answer.</summary>
    public async Task<JsonElement> Data(string path)
    {
        (HttpStatusCode status, string body) = await Get(path);
        Assert.True(status == HttpStatusCode.OK, $"{path}: {status} {body}");
        return JsonSerializer.Deserialize<JsonElement>(body).GetProperty("data");
    }

    /// <summary>The float samples of an instant query that yields a vector or a matrix.</summary>
    /// <param name="expression">The query.</param>
    /// <param name="time">When to evaluate it; now if null.</param>
    public async Task<IReadOnlyList<QueriedSample>> Query(string expression, DateTimeOffset? time = null)
    {
        List<(string, string)> form = [("query", expression)];
        if (time is { } at)
            form.Add(("time", (at.ToUnixTimeMilliseconds() / 1000.0).ToString("F3", CultureInfo.InvariantCulture)));
        (HttpStatusCode status, string body) = await Post("api/v1/query", [.. form]);
        Assert.True(status == HttpStatusCode.OK, $"{expression}: {status} {body}");
        JsonElement result = JsonSerializer.Deserialize<JsonElement>(body).GetProperty("data").GetProperty("result");
        return [.. result.EnumerateArray().SelectMany(Samples)];
    }

    /// <summary>The value of an instant query whose answer is one sample.</summary>
    public async Task<double> Value(string expression, DateTimeOffset? time = null) => Assert.Single(await Query(expression, time)).Value;

    /// <summary>The value of a metric without labels on the server's own <c>/metrics</c>.</summary>
    public async Task<double> OwnMetric(string name)
    {
        (HttpStatusCode status, string body) = await Get("metrics");
        Assert.Equal(HttpStatusCode.OK, status);
        string line = Assert.Single(body.Split('\n'), line => line.StartsWith(name + " ", StringComparison.Ordinal));
        return double.Parse(line[(name.Length + 1)..], CultureInfo.InvariantCulture);
    }

    /// <summary>The active target of each job, from <c>/api/v1/targets</c>; jobs have one target.</summary>
    public async Task<IReadOnlyDictionary<string, JsonElement>> Targets() =>
        (await Data("api/v1/targets")).GetProperty("activeTargets").EnumerateArray()
            .ToDictionary(target => target.GetProperty("labels").GetProperty("job").GetString()!);

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private static IEnumerable<QueriedSample> Samples(JsonElement series)
    {
        string labels = string.Join(
            ",",
            series.GetProperty("metric").EnumerateObject()
                .OrderBy(label => label.Name, StringComparer.Ordinal)
                .Select(label => $"{label.Name}=\"{label.Value.GetString()}\""));
        if (series.TryGetProperty("values", out JsonElement values))
            return values.EnumerateArray().Select(sample => Sample(labels, sample));
        return series.TryGetProperty("value", out JsonElement value) ? [Sample(labels, value)] : [];
    }

    private static QueriedSample Sample(string labels, JsonElement sample) =>
        new(labels, (long)Math.Round(sample[0].GetDouble() * 1000), sample[1].GetString()!);
}
