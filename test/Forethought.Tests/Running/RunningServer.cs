using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Forethought.Encoding;
using Forethought.Server;
using Forethought.Testing;

namespace Forethought.Tests.Running;

/// <summary>The whole server as the command line starts it, but within the test's process: on a free port, with its own directory.</summary>
internal sealed class RunningServer : IAsyncDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly StringWriter _log = new();
    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false });
    private readonly string _prefix;
    private readonly Task<int> _run;
    private bool _stopped;

    private RunningServer(string configuration, string[] flags)
    {
        Port = FreePort.Next();
        File.WriteAllText(ConfigurationFile, configuration);
        _prefix = flags.FirstOrDefault(flag => flag.StartsWith("--web.route-prefix=", StringComparison.Ordinal))?.Split('=')[1] ?? "";
        string path = flags.Contains("--agent") ? "--storage.agent.path=" : "--storage.tsdb.path=";
        string[] all =
        [
            "--config.file=" + ConfigurationFile, path + DataDirectory, $"--web.listen-address=127.0.0.1:{Port}", "--web.enable-lifecycle", .. flags,
        ];
        _run = Task.Run(() => new ServerRole(TextWriter.Null, _log).RunAsync(all));
    }

    /// <summary>The port of its first address.</summary>
    public int Port { get; }

    /// <summary>Its configuration file.</summary>
    public string ConfigurationFile => _directory.File("prometheus.yml");

    /// <summary>Where its data is.</summary>
    public string DataDirectory => _directory.File("data");

    /// <summary>Starts a server and waits until it is ready.</summary>
    public static async Task<RunningServer> StartAsync(string configuration, params string[] flags)
    {
        var server = new RunningServer(configuration, flags);
        await Eventually.Passes(async () =>
        {
            Assert.False(server._run.IsCompleted && await server._run != 0, "the server ended: " + (server._run.IsCompleted ? server._log.ToString() : ""));
            using HttpResponseMessage ready = await server.SendAsync("GET", "/-/ready");
            Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
        });
        return server;
    }

    /// <summary>Sends a request below the server's prefix.</summary>
    public Task<HttpResponseMessage> SendAsync(string method, string path, HttpContent? content = null, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), $"http://127.0.0.1:{Port}{_prefix}{path}") { Content = content };
        foreach ((string name, string value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return _client.SendAsync(request);
    }

    /// <summary>The body of a GET, whatever its status.</summary>
    public async Task<string> GetAsync(string path)
    {
        using HttpResponseMessage response = await SendAsync("GET", path);
        return await response.Content.ReadAsStringAsync();
    }

    /// <summary>The data of a successful answer of the API.</summary>
    public async Task<JsonElement> DataAsync(string path)
    {
        using var document = JsonDocument.Parse(await GetAsync("/api/v1/" + path));
        return document.RootElement.GetProperty("data").Clone();
    }

    /// <summary>The only value of an instant query; fails when there is not one.</summary>
    public async Task<string> ValueAsync(string query, long timeSeconds)
    {
        JsonElement data = await DataAsync($"query?query={Uri.EscapeDataString(query)}&time={timeSeconds}");
        JsonElement result = data.GetProperty("result");
        if (data.GetProperty("resultType").GetString() == "scalar")
            return result[1].GetString()!;
        Assert.Equal(1, result.GetArrayLength());
        return result[0].GetProperty("value")[1].GetString()!;
    }

    /// <summary>Writes one sample of each series by remote write 1.0.</summary>
    public async Task<HttpStatusCode> WriteAsync(long timestampMs, params string[] names)
    {
        using var writer = new ProtobufWriter();
        foreach (string name in names)
        {
            int series = writer.StartMessage(1);
            int label = writer.StartMessage(1);
            writer.WriteBytes(1, "__name__"u8);
            writer.WriteBytes(2, System.Text.Encoding.UTF8.GetBytes(name));
            writer.EndMessage(label);
            int sample = writer.StartMessage(2);
            writer.WriteDouble(1, 7);
            writer.WriteVarint(2, (ulong)timestampMs);
            writer.EndMessage(sample);
            writer.EndMessage(series);
        }

        byte[] compressed = new byte[Snappy.MaxCompressedLength(writer.Length)];
        using var content = new ByteArrayContent(compressed, 0, Snappy.Compress(writer.WrittenSpan, compressed));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-protobuf");
        content.Headers.ContentEncoding.Add("snappy");
        using HttpResponseMessage response = await SendAsync("POST", "/api/v1/write", content);
        return response.StatusCode;
    }

    /// <summary>Asks the server to end and waits for it.</summary>
    /// <returns>The exit code and all that it logged.</returns>
    public async Task<(int ExitCode, string Log)> StopAsync()
    {
        _stopped = true;
        using HttpResponseMessage response = await SendAsync("POST", "/-/quit");
        int code = await _run.WaitAsync(TimeSpan.FromSeconds(30));
        return (code, _log.ToString());
    }

    public async ValueTask DisposeAsync()
    {
        if (!_stopped)
            await StopAsync();
        _client.Dispose();
        _directory.Dispose();
    }
}
