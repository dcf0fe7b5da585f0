namespace Forethought.Testing;

/// <summary>Where a server lives: its address, configuration file and data directory, which outlast its process.</summary>
public sealed class ServerHome : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly string _binary;

    /// <summary>A home on a free port with empty data.</summary>
    /// <param name="configuration">The text of <c>prometheus.yml</c>.</param>
    /// <param name="binary">The server to start; by default <see cref="ServerBinary.UnderTest"/>.</param>
    public ServerHome(string configuration = "", string? binary = null)
    {
        _binary = binary ?? ServerBinary.UnderTest;
        DataDirectory = _directory.File("data");
        Configure(configuration);
    }

    /// <summary>Host and port, as written into <c>targets</c>.</summary>
    public string Endpoint { get; } = $"127.0.0.1:{FreePort.Next()}";

    /// <summary>The server's base address.</summary>
    public Uri Address => new($"http://{Endpoint}/");

    /// <summary>The path of the configuration file.</summary>
    public string ConfigurationFile => _directory.File("prometheus.yml");

    /// <summary>Where the server keeps its data; may be moved before the server starts.</summary>
    public string DataDirectory { get; set; }

    /// <summary>The directory of the write-ahead log.</summary>
    public string WalDirectory => Path.Combine(DataDirectory, "wal");

    /// <summary>Whether <c>POST /-/reload</c> and <c>/-/quit</c> are allowed.</summary>
    public bool EnablesLifecycle { get; init; } = true;

    /// <summary>Writes the configuration file.</summary>
    public void Configure(string configuration) => File.WriteAllText(ConfigurationFile, configuration);

    /// <summary>Starts a server and returns at once.</summary>
    public ServerProcess Launch(params string[] flags) =>
        ServerProcess.Start(
            _binary,
            Address,
            [
                "--config.file=" + ConfigurationFile,
                "--storage.tsdb.path=" + DataDirectory,
                "--web.listen-address=" + Endpoint,
                EnablesLifecycle ? "--web.enable-lifecycle" : "--no-web.enable-lifecycle",
                "--web.enable-remote-write-receiver",
                // Both servers wait that long before the first scrape.
                "--scrape.discovery-reload-interval=100ms",
                .. flags,
            ]);

    /// <summary>Starts a server and returns when it is ready.</summary>
    public async Task<ServerProcess> Start(params string[] flags)
    {
        ServerProcess server = Launch(flags);
        try
        {
            await server.WaitUntilReady();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _directory.Dispose();
}
