using System.Collections.Concurrent;
using System.Globalization;
using System.IO.Compression;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Forethought.Scrape.Tests;

/// <summary>A server on loopback with targets that expose well, badly, late, or without end.</summary>
internal sealed class HostileServer : IAsyncDisposable
{
    private const string Good = "# TYPE good gauge\ngood 1\nother{a=\"b\"} 2\n";

    private static readonly byte[] GzipHeader = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0];

    private readonly WebApplication _app;
    private readonly CancellationTokenSource _stopping = new();
    private int _hungCount;

    private HostileServer(WebApplication app) => _app = app;

    /// <summary>Host and port.</summary>
    public string Address => new Uri(_app.Urls.First()).Authority;

    /// <summary>The headers of the last request by path.</summary>
    public ConcurrentDictionary<string, IReadOnlyDictionary<string, string>> Requests { get; } = [];

    /// <summary>What <c>/changing</c> exposes.</summary>
    public string Exposition { get; set; } = Good;

    /// <summary>Completed when <c>/hang</c> was asked.</summary>
    public TaskCompletionSource Hung { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Whether <c>/moody</c> hangs.</summary>
    public bool Hangs { get; set; }

    /// <summary>How many requests hung.</summary>
    public int HungCount => Volatile.Read(ref _hungCount);

    public static async Task<HostileServer> StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var server = new HostileServer(builder.Build());
        server._app.Run(server.AnswerAsync);
        await server._app.StartAsync();
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _app.DisposeAsync();
        _stopping.Dispose();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        HttpResponse response = context.Response;
        string path = context.Request.Path;
        Requests[path] = context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString());
        response.ContentType = "text/plain; version=0.0.4";
        switch (path)
        {
            case "/good": await response.WriteAsync(Good); break;
            case "/changing": await response.WriteAsync(Exposition); break;
            case "/empty": break;
            case "/500": response.StatusCode = 500; break;
            case "/html": response.ContentType = "text/html"; await response.WriteAsync(Good); break;
            case "/untyped": response.ContentType = null; await response.WriteAsync(Good); break;
            case "/duplicates": await response.WriteAsync("good 1\ngood 2\n"); break;
            case "/invalid": await response.WriteAsync("good 1\nhalf{a=\"b"); break;
            case "/utf8": await response.Body.WriteAsync("good{a=\"\xff\"} 1\n"u8.ToArray().Select(b => b == 0xc3 ? (byte)0xff : b).ToArray()); break;
            case "/redirect": response.Redirect("/good"); break;
            case "/circle": response.Redirect("/circle"); break;
            case "/hang": await HangAsync(); break;
            case "/moody" when Hangs: await HangAsync(); break;
            case "/moody": await response.WriteAsync(Good); break;
            case "/cut": await CutAsync(context); break;
            case "/endless": await EndlessAsync(response); break;
            case "/longline": await LongLineAsync(response); break;
            case "/gzip": await GzipAsync(response, System.Text.Encoding.UTF8.GetBytes(Good), cut: 0); break;
            case "/gzipcut": await GzipAsync(response, System.Text.Encoding.UTF8.GetBytes(Good), cut: 12); break;
            case "/gzipheader": response.Headers.ContentEncoding = "gzip"; await response.Body.WriteAsync(GzipHeader); break;
            case "/gzipdamaged": response.Headers.ContentEncoding = "gzip"; await response.Body.WriteAsync((byte[])[.. GzipHeader, 0xff, 0xff, 0xff]); break;
            case "/bomb": await GzipAsync(response, new byte[64 << 20], cut: 0); break;
            case "/gzipchecksum": await GzipAsync(response, System.Text.Encoding.UTF8.GetBytes(Good), cut: 0, damagedFromEnd: 6); break;
            case "/sized": await response.WriteAsync(Sized(context)); break;
            case "/sizedgzip": await GzipAsync(response, System.Text.Encoding.UTF8.GetBytes(Sized(context)), cut: 0); break;
            case "/openmetrics": response.ContentType = "application/openmetrics-text; version=1.0.0"; await response.WriteAsync(Exposition); break;
            case "/closed": context.Abort(); break;
            case "/notgzip": response.Headers.ContentEncoding = "gzip"; await response.WriteAsync(Good); break;
            default: response.StatusCode = 404; break;
        }
    }

    private async Task HangAsync()
    {
        Interlocked.Increment(ref _hungCount);
        Hung.TrySetResult();
        await Task.Delay(Timeout.Infinite, _stopping.Token).ContinueWith(_ => { }, TaskScheduler.Default);
    }

    private static async Task CutAsync(HttpContext context)
    {
        // Kestrel closes the connection when less was written than promised.
        context.Response.ContentLength = 1000;
        await context.Response.WriteAsync("good 1\nhal");
    }

    private static async Task EndlessAsync(HttpResponse response)
    {
        byte[] lines = System.Text.Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("# more\n", 1000)));
        while (!response.HttpContext.RequestAborted.IsCancellationRequested)
            await response.Body.WriteAsync(lines);
    }

    private static async Task LongLineAsync(HttpResponse response)
    {
        await response.WriteAsync("good{a=\"");
        byte[] part = new byte[1 << 20];
        part.AsSpan().Fill((byte)'x');
        for (int i = 0; i < 100; i++)
            await response.Body.WriteAsync(part);
        await response.WriteAsync("\"} 1\n");
    }

    // "good 1" and a comment that makes the body as long as the parameter says.
    private static string Sized(HttpContext context) =>
        ("good 1\n# " + new string('x', int.Parse(context.Request.Query["n"].ToString(), CultureInfo.InvariantCulture) - 10) + "\n");

    private static async Task GzipAsync(HttpResponse response, byte[] body, int cut, int damagedFromEnd = 0)
    {
        var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(body);
        byte[] bytes = compressed.ToArray();
        if (damagedFromEnd > 0)
            bytes[^damagedFromEnd] ^= 1;
        response.Headers.ContentEncoding = "gzip";
        await response.Body.WriteAsync(bytes.AsMemory(0, bytes.Length - cut));
    }
}
