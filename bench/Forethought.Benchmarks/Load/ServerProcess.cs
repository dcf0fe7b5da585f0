using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;

namespace Forethought.Benchmarks.Load;

/// <summary>
/// A server under load, started from a command with <c>{config}</c>, <c>{data}</c> and <c>{port}</c> in it; a command without them gets
/// Prometheus' flags. What it costs is read from <c>/proc</c>. Disposing kills it and deletes its directory.
/// </summary>
internal sealed class ServerProcess : IDisposable
{
    private const string Flags = " --config.file={config} --storage.tsdb.path={data} --web.listen-address=127.0.0.1:{port} --log.level=warn";

    private readonly HttpClient _client = new();
    private readonly DirectoryInfo _directory;
    private readonly Process _process;
    private readonly string _address;

    private ServerProcess(string command, string configuration)
    {
        _directory = Directory.CreateTempSubdirectory("forethought-load-");
        string config = Path.Combine(_directory.FullName, "prometheus.yml");
        File.WriteAllText(config, configuration);
        int port = FreePort();
        _address = $"http://127.0.0.1:{port}";
        string[] words = (command.Contains("{config}", StringComparison.Ordinal) ? command : command + Flags)
            .Replace("{config}", config, StringComparison.Ordinal)
            .Replace("{data}", Path.Combine(_directory.FullName, "data"), StringComparison.Ordinal)
            .Replace("{port}", port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Split(' ', StringSplitOptions.RemoveEmptyEntries);
        _process = Process.Start(words[0], words[1..]);
    }

    public int Id => _process.Id;

    /// <summary>CPU used since the start, in user and kernel mode.</summary>
    public TimeSpan Cpu
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Bytes of memory that the kernel cannot drop, because no file stands behind it.</summary>
    public long AnonymousBytes => 1024 * long.Parse(
        File.ReadLines($"/proc/{Id}/smaps_rollup").First(line => line.StartsWith("Anonymous:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
        CultureInfo.InvariantCulture);

    /// <summary>Starts a server and waits until it is ready.</summary>
    public static async Task<ServerProcess> StartAsync(string command, string configuration)
    {
        var server = new ServerProcess(command, configuration);
        while (!await server.IsReadyAsync())
        {
            if (server._process.HasExited)
                throw new InvalidOperationException($"'{command}' ended with code {server._process.ExitCode}");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }

        return server;
    }

    /// <summary>The value of an expression that yields one series, or none (0).</summary>
    public async Task<double> ValueAsync(string expression)
    {
        JsonElement answer = await _client.GetFromJsonAsync<JsonElement>(
            $"{_address}/api/v1/query?nocache=1&query={Uri.EscapeDataString(expression)}");
        JsonElement result = answer.GetProperty("data").GetProperty("result");
        return result.GetArrayLength() == 0
            ? 0 : double.Parse(result[0].GetProperty("value")[1].GetString()!, CultureInfo.InvariantCulture);
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _client.Dispose();
        _directory.Delete(recursive: true);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task<bool> IsReadyAsync()
    {
        try
        {
            using HttpResponseMessage response = await _client.GetAsync(new Uri(_address + "/-/ready"));
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
