using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace Forethought.Benchmarks.Targets;

/// <summary>
/// What every target of a <see cref="TargetProcess"/> shows: counters, gauges and constants in the ratio 2 : 1 : 1 with seven labels,
/// which move once a second. A share of the series is replaced once a minute by others, a few of them each second.
/// </summary>
internal sealed class TargetExposition(int series, double churn)
{
    private const int ChurnSeconds = 60;

    private readonly Lock _lock = new();
    private byte[] _response = [];
    private long _seconds = -1;

    /// <summary>The whole HTTP response at a moment.</summary>
    public byte[] Response(DateTimeOffset now)
    {
        lock (_lock)
        {
            if (_seconds != now.ToUnixTimeSeconds())
            {
                _seconds = now.ToUnixTimeSeconds();
                _response = Render(_seconds);
            }

            return _response;
        }
    }

    private byte[] Render(long seconds)
    {
        var body = new StringBuilder("# HELP bench_requests_total Requests.\n# TYPE bench_requests_total counter\n");
        for (int i = 0; i < series; i++)
        {
            body.Append(CultureInfo.InvariantCulture, $"bench_requests_total{{service=\"orders\",zone=\"eu-central-1a\",version=\"v2.3.{Generation(i, seconds)}\",");
            body.Append(CultureInfo.InvariantCulture, $"handler=\"/api/v1/resource/{i / 50}\",method=\"GET\",code=\"{200 + i % 5}\",le=\"{i % 50}\"}} ");
            body.Append(CultureInfo.InvariantCulture, $"{Value(i, seconds)}\n");
        }

        var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(System.Text.Encoding.ASCII.GetBytes(body.ToString()));
        string head = "HTTP/1.1 200 OK\r\nContent-Type: text/plain; version=0.0.4\r\nContent-Encoding: gzip\r\n"
            + $"Content-Length: {compressed.Length}\r\n\r\n";
        return [.. System.Text.Encoding.ASCII.GetBytes(head), .. compressed.ToArray()];
    }

    // The first of every hundred series change, each at its own second of the minute.
    private long Generation(int i, long seconds) => i % 100 < churn * 100 ? (seconds + i) / ChurnSeconds : 0;

    private static double Value(int i, long seconds) => (i % 4) switch
    {
        0 => i,
        1 => (seconds * (7919L + i) + i) % 1000 / 100.0,
        _ => seconds % 1_000_000 * (1 + i % 13),
    };
}
