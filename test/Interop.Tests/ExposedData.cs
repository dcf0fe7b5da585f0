using System.Globalization;
using System.Text;

namespace Interop.Tests;

/// <summary>Series whose values follow from the tick alone, as pages of a text exposition with explicit times.</summary>
internal sealed class ExposedData(LogicalClock clock)
{
    public const int TicksPerPage = 10;
    public const int Pages = LogicalClock.Ticks / TicksPerPage;

    private static readonly string[] Nodes = ["alpha", "beta", "gamma"];
    private static readonly string[] Bounds = ["0.05", "0.1", "0.25", "1", "2.5", "+Inf"];

    public string Page(int page)
    {
        var text = new StringBuilder();
        Counters(text, page);
        Gauges(text, page);
        Histograms(text, page);
        Oddities(text, page);
        return text.ToString();
    }

    private void Counters(StringBuilder text, int page)
    {
        text.Append("# TYPE requests_total counter\n");
        int weight = 1;
        foreach (string node in Nodes)
        {
            foreach (string method in (string[])["GET", "POST"])
            {
                foreach (string code in (string[])["200", "500"])
                {
                    int step = weight++;
                    // Each node restarts at a time of its own.
                    int restart = 40 + (20 * Array.IndexOf(Nodes, node));
                    Series(text, page, $"requests_total{{node=\"{node}\",method=\"{method}\",code=\"{code}\"}}",
                        tick => (tick >= restart ? tick - restart : tick) * step * 1.25);
                }
            }
        }
    }

    private void Gauges(StringBuilder text, int page)
    {
        text.Append("# TYPE temperature_celsius gauge\n");
        for (int room = 0; room < 5; room++)
        {
            int number = room;
            Series(text, page, $"temperature_celsius{{room=\"r{room}\",floor=\"{room % 2}\"}}", tick => Math.Round(20 + (number * 3) + (8 * Math.Sin((tick + number) / 7.0)), 3));
        }

        foreach (string node in Nodes)
        {
            Series(text, page, $"node_info{{node=\"{node}\",version=\"1.{node.Length}.0\",zone=\"z{node.Length % 2}\"}}", _ => 1);
            if (node != "gamma")
                Series(text, page, $"node_limit{{node=\"{node}\"}}", tick => node.Length * (tick < 100 ? 10 : 25));
        }

        Series(text, page, "boot_time_seconds{node=\"alpha\"}", _ => 1.7e9);
        Series(text, page, "queue_length", tick => (tick * 7919) % 31);
    }

    private void Histograms(StringBuilder text, int page)
    {
        text.Append("# TYPE request_seconds histogram\n");
        string[] handlers = ["/", "/api", "/idle"];
        for (int i = 0; i < handlers.Length; i++)
        {
            int weight = i == 2 ? 0 : i + 1;
            for (int bound = 0; bound < Bounds.Length; bound++)
            {
                int share = bound + 1;
                Series(text, page, $"request_seconds_bucket{{handler=\"{handlers[i]}\",le=\"{Bounds[bound]}\"}}", tick => tick * weight * share);
            }

            Series(text, page, $"request_seconds_sum{{handler=\"{handlers[i]}\"}}", tick => tick * weight * 0.31);
            Series(text, page, $"request_seconds_count{{handler=\"{handlers[i]}\"}}", tick => tick * weight * Bounds.Length);
        }
    }

    private void Oddities(StringBuilder text, int page)
    {
        Series(text, page, "odd_values{kind=\"special\"}", tick => (tick % 5) switch
        {
            0 => double.NaN,
            1 => double.PositiveInfinity,
            2 => double.NegativeInfinity,
            3 => -0.0,
            _ => tick,
        });
        Series(text, page, "odd_values{kind=\"huge\"}", tick => 1e300 * (tick + 1));
        Series(text, page, "odd_values{kind=\"tiny\"}", tick => 5e-324 * (tick + 1));
        Series(text, page, "odd_values{kind=\"third\"}", tick => tick / 3.0);
        // Seen for three minutes of each ten.
        Series(text, page, "sometimes{n=\"1\"}", tick => tick % 40 < 12 ? tick : null);
        Series(text, page, "sometimes{n=\"2\"}", tick => tick % 60 < 30 ? -tick : null);
        Series(text, page, "escaped{path=\"C:\\\\dir\\\"x\\\"\\n\",empty=\"\"}", tick => tick);
        Series(text, page, "{\"dotted.name\",\"label with space\"=\"väl\"}", tick => tick % 3);
    }

    private void Series(StringBuilder text, int page, string series, Func<int, double?> value)
    {
        for (int tick = page * TicksPerPage; tick < (page + 1) * TicksPerPage; tick++)
        {
            if (value(tick) is { } v)
                text.Append(series).Append(' ').Append(Number(v)).Append(' ').Append(clock.Ms(tick).ToString(CultureInfo.InvariantCulture)).Append('\n');
        }
    }

    private static string Number(double value) =>
        double.IsPositiveInfinity(value) ? "+Inf" : double.IsNegativeInfinity(value) ? "-Inf" : value.ToString("R", CultureInfo.InvariantCulture);
}
