using System.Diagnostics;
using System.Globalization;
using Forethought.Testing;

namespace EndToEnd.Tests;

/// <summary>A node_exporter to scrape; where none is installed, a stand-in with the same counters, which the test's result says.</summary>
internal sealed class NodeTarget : IAsyncDisposable
{
    private readonly Process? _exporter;
    private readonly TargetServer? _standIn;

    public NodeTarget()
    {
        if (Peers.Find("prometheus-node-exporter") is { } path)
        {
            Endpoint = $"127.0.0.1:{FreePort.Next()}";
            _exporter = Process.Start(new ProcessStartInfo(path, ["--web.listen-address=" + Endpoint])
            {
                RedirectStandardError = true,
                RedirectStandardOutput = true,
            })!;
            _exporter.BeginErrorReadLine();
            _exporter.BeginOutputReadLine();
            return;
        }

        TestContext.Current.AddWarning("no prometheus-node-exporter in PEERS_BIN or /usr/bin: a stand-in was scraped");
        long start = TimeProvider.System.GetTimestamp();
        _standIn = new TargetServer(_ => new TargetAnswer(Counters(TimeProvider.System.GetElapsedTime(start).TotalSeconds)));
        Endpoint = _standIn.Endpoint;
    }

    /// <summary>Host and port.</summary>
    public string Endpoint { get; }

    public async ValueTask DisposeAsync()
    {
        if (_exporter is not null)
        {
            _exporter.Kill();
            await _exporter.WaitForExitAsync();
            _exporter.Dispose();
        }

        if (_standIn is not null)
            await _standIn.DisposeAsync();
    }

    private static string Counters(double seconds) =>
        "# TYPE node_cpu_seconds_total counter\n" + string.Concat(
            ((string[])["idle", "user", "system"]).Select(mode =>
                string.Create(CultureInfo.InvariantCulture, $"node_cpu_seconds_total{{cpu=\"0\",mode=\"{mode}\"}} {seconds / 3}\n")));
}
