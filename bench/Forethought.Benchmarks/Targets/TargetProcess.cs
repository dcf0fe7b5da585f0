using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Forethought.Benchmarks.Targets;

/// <summary>
/// A process of targets, so that what they cost does not disturb what is measured: this program, started as
/// <c>targets [series] [share of them replaced every minute]</c>, answers every request with the same exposition until its standard
/// input ends.
/// </summary>
internal sealed class TargetProcess : IDisposable
{
    public const string Command = "targets";

    private readonly Process _process;

    private TargetProcess(Process process, string address)
    {
        _process = process;
        Address = address;
    }

    /// <summary>Host and port.</summary>
    public string Address { get; }

    public static TargetProcess Start(int series, double churn = 0)
    {
        string[] arguments = [Command, series.ToString(CultureInfo.InvariantCulture), churn.ToString(CultureInfo.InvariantCulture)];
        var start = new ProcessStartInfo(Environment.ProcessPath!, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        Process process = Process.Start(start)!;
        return new TargetProcess(process, process.StandardOutput.ReadLine()!);
    }

    /// <summary>What the other process does.</summary>
    public static async Task<int> ServeAsync(string[] args)
    {
        var exposition = new TargetExposition(
            int.Parse(args[1], CultureInfo.InvariantCulture), double.Parse(args[2], CultureInfo.InvariantCulture));
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start(1024);
        Console.WriteLine(listener.LocalEndpoint);
        _ = AcceptAsync(listener, exposition);
        await Console.In.ReadToEndAsync();
        return 0;
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }

    private static async Task AcceptAsync(TcpListener listener, TargetExposition exposition)
    {
        while (true)
            _ = AnswerAsync(await listener.AcceptSocketAsync(), exposition);
    }

    private static async Task AnswerAsync(Socket socket, TargetExposition exposition)
    {
        socket.NoDelay = true;
        byte[] request = new byte[4096];
        int length = 0;
        while (await socket.ReceiveAsync(request.AsMemory(length)) is > 0 and var read)
        {
            length += read;
            if (!request.AsSpan(0, length).EndsWith("\r\n\r\n"u8))
                continue;
            length = 0;
            await socket.SendAsync(exposition.Response(TimeProvider.System.GetUtcNow()));
        }

        socket.Dispose();
    }
}
