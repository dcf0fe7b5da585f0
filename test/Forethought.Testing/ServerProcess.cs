using System.Diagnostics;
using System.Text;
using Xunit;

namespace Forethought.Testing;

/// <summary>A running server, its log, and the signals it is sent. Disposing kills it.</summary>
public sealed class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan ExitDeadline = TimeSpan.FromSeconds(15);

    private readonly Process _process;
    private readonly StringBuilder _log = new();
    private readonly Lock _logLock = new();

    private ServerProcess(Process process, Uri address)
    {
        _process = process;
        Api = new PrometheusApi(address);
        process.OutputDataReceived += (_, line) => Append(line.Data);
        process.ErrorDataReceived += (_, line) => Append(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>The server's HTTP API.</summary>
    public PrometheusApi Api { get; }

    /// <summary>What the server wrote to its standard output and error up to now.</summary>
    public string Log
    {
        get
        {
            lock (_logLock)
                return _log.ToString();
        }
    }

    /// <summary>Whether the process is gone.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>Starts <paramref name="binary"/> with the arguments as given.</summary>
    /// <param name="binary">The path of the program.</param>
    /// <param name="address">Where it will answer.</param>
    /// <param name="arguments">Its command line.</param>
    public static ServerProcess Start(string binary, Uri address, IEnumerable<string> arguments)
    {
        Assert.True(File.Exists(binary), $"no server to test: {binary} does not exist");
        var start = new ProcessStartInfo(binary, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        return new ServerProcess(Process.Start(start)!, address);
    }

    /// <summary>Waits until <c>/-/ready</c> says so; fails at once when the process ends instead.</summary>
    public async Task WaitUntilReady(TimeSpan? within = null)
    {
        long start = TimeProvider.System.GetTimestamp();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        while (!await Api.Answers("-/ready"))
        {
            Assert.False(HasExited, $"the server ended before it was ready:\n{Log}");
            Assert.True(TimeProvider.System.GetElapsedTime(start) < (within ?? TimeSpan.FromSeconds(60)), $"the server is not ready in time:\n{Log}");
            await timer.WaitForNextTickAsync();
        }
    }

    /// <summary>Sends a signal by its name, for example <c>HUP</c>.</summary>
    public async Task Signal(string name)
    {
        using Process kill = Process.Start("kill", ["-s", name, _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    /// <summary>Sends SIGTERM and waits for the end.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> Terminate(TimeSpan? within = null)
    {
        await Signal("TERM");
        return await Exit(within);
    }

    /// <summary>Sends SIGKILL and waits until the process is gone.</summary>
    public async Task Kill()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Waits until the process ends by itself.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> Exit(TimeSpan? within = null)
    {
        using var deadline = new CancellationTokenSource(within ?? ExitDeadline, TimeProvider.System);
        try
        {
            await _process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"the server still runs after {within ?? ExitDeadline}:\n{Log}");
        }

        return _process.ExitCode;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            await Kill();
        TestContext.Current.TestOutputHelper?.WriteLine(Log);
        Api.Dispose();
        _process.Dispose();
    }

    private void Append(string? line)
    {
        lock (_logLock)
        {
            if (line is not null)
                _log.Append(line).Append('\n');
        }
    }
}
