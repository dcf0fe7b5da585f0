using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Forethought.Benchmarks.Alignment;

/// <summary>
/// A process of targets, so that what they cost does not disturb what is measured: this program, started as <c>targets [series]</c>,
/// answers every request with the same exposition until its standard input ends.
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

    public static TargetProcess Start(int series)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, [Command, series.ToString(CultureInfo.InvariantCulture)])
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
        byte[] response = Response(int.Parse(args[1], CultureInfo.InvariantCulture));
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start(1024);
        Console.WriteLine(listener.LocalEndpoint);
        _ = AcceptAsync(listener, response);
        await Console.In.ReadToEndAsync();
        return 0;
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }

    private static async Task AcceptAsync(TcpListener listener, byte[] response)
    {
        while (true)
            _ = AnswerAsync(await listener.AcceptSocketAsync(), response);
    }

    private static async Task AnswerAsync(Socket socket, byte[] response)
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
            await socket.SendAsync(response);
        }

        socket.Dispose();
    }

    private static byte[] Response(int series)
    {
        var body = new StringBuilder("# HELP bench_requests_total Requests.\n# TYPE bench_requests_total counter\n");
        for (int i = 0; i < series; i++)
            body.Append(CultureInfo.InvariantCulture, $"bench_requests_total{{path=\"/api/v1/resource/{i}\",method=\"GET\",code=\"200\"}} {i * 17}.5\n");
        var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Optimal, leaveOpen: true))
            gzip.Write(System.Text.Encoding.ASCII.GetBytes(body.ToString()));
        string head = "HTTP/1.1 200 OK\r\nContent-Type: text/plain; version=0.0.4\r\nContent-Encoding: gzip\r\n"
            + $"Content-Length: {compressed.Length}\r\n\r\n";
        return [.. System.Text.Encoding.ASCII.GetBytes(head), .. compressed.ToArray()];
    }
}
