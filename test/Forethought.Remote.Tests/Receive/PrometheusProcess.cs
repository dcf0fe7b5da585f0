using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Forethought.Testing;

namespace Forethought.Remote.Tests.Receive;

/// <summary>The real Prometheus, on a port and in a directory of its own.</summary>
internal sealed class PrometheusProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private PrometheusProcess(ProcessStartInfo start, int port)
    {
        Port = port;
        _process = new Process { StartInfo = start };
        _process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is null)
                _ready.TrySetException(new InvalidOperationException("prometheus ended before it was ready"));
            else if (line.Data.Contains("Server is ready to receive web requests", StringComparison.Ordinal))
                _ready.TrySetResult();
        };
    }

    public int Port { get; }

    /// <summary>Starts it and waits until it is ready.</summary>
    /// <param name="directory">Where it keeps its configuration and data.</param>
    /// <param name="configuration">Makes the configuration for the port it will listen on.</param>
    public static async Task<PrometheusProcess> StartAsync(TemporaryDirectory directory, Func<int, string> configuration)
    {
        int port = FreePort();
        await File.WriteAllTextAsync(directory.File("prometheus.yml"), configuration(port), TestContext.Current.CancellationToken);
        var start = new ProcessStartInfo(Peers.Require("prometheus"))
        {
            RedirectStandardError = true,
            ArgumentList =
            {
                "--config.file=" + directory.File("prometheus.yml"),
                "--storage.tsdb.path=" + directory.File("prometheus"),
                $"--web.listen-address=127.0.0.1:{port}",
                "--web.enable-remote-write-receiver",
            },
        };
        var prometheus = new PrometheusProcess(start, port);
        prometheus._process.Start();
        prometheus._process.BeginErrorReadLine();
        await prometheus._ready.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        return prometheus;
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
