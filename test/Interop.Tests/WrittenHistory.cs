using System.Globalization;
using System.Net;
using EndToEnd.Tests;
using Forethought.Testing;

namespace Interop.Tests;

/// <summary>
/// Four hours of samples, one each 15 s, that end in the past: enough for servers with short blocks to write and to merge some. The
/// first sample's time is a multiple of the longest block.
/// </summary>
internal sealed class WrittenHistory
{
    public const int Ticks = 240 * TicksPerMinute;

    /// <summary>Here, after two hours and five minutes, the head has a range of full chunks and the beginning of the next.</summary>
    public const int FullChunksAt = 125 * TicksPerMinute;

    private const int TicksPerMinute = 4;
    private const int TicksPerRequest = 10 * TicksPerMinute;
    private const long StepMs = 15_000;
    private const long LongestBlockMs = 90 * 60_000;

    private static readonly double[] Special = [double.NaN, double.PositiveInfinity, -0.0, double.Epsilon, double.MaxValue, 1.5];
    private static readonly double Stale = BitConverter.UInt64BitsToDouble(0x7ff0000000000002);

    private readonly long _startMs;

    public WrittenHistory()
    {
        long now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        _startMs = (now - Ticks * StepMs - 120_000) / LongestBlockMs * LongestBlockMs;
    }

    /// <summary>Blocks of ten minutes, that are merged three by three to 30 and to 90.</summary>
    public static string[] Flags { get; } = ["--storage.tsdb.min-block-duration=10m", "--storage.tsdb.max-block-duration=90m"];

    /// <summary>
    /// The blocks that are there in the end, in minutes from the start. The head keeps up to 15 minutes, what is complete is merged, and
    /// the newest block is left alone (upstream's <c>LeveledCompactor.plan</c>).
    /// </summary>
    public static (int FromMinute, int ToMinute)[] FinalBlocks { get; } = [(0, 90), (90, 180), (180, 210), (210, 220), (220, 230)];

    /// <summary>Minutes between the first sample and a time.</summary>
    public int MinutesAt(long timeMs) => (int)Math.Ceiling((timeMs - _startMs) / 60_000.0);

    /// <summary>A moment of the history.</summary>
    public DateTimeOffset At(int tick) => DateTimeOffset.FromUnixTimeMilliseconds(_startMs + tick * StepMs);

    /// <summary>Sends the samples of some ticks, in order, ten minutes a request.</summary>
    public async Task Write(ServerHome home, int fromTick, int toTick)
    {
        using var writer = new RemoteWriter(home.Address);
        for (int tick = fromTick; tick < toTick; tick += TicksPerRequest)
        {
            int end = Math.Min(tick + TicksPerRequest, toTick);
            int begin = tick;
            IEnumerable<WrittenSample> samples = Enumerable.Range(0, 25).SelectMany(series => Series(series, begin, end));
            Assert.Equal(HttpStatusCode.NoContent, await writer.Write(samples));
        }
    }

    /// <summary>The same samples as OpenMetrics, which has no stale markers.</summary>
    public string OpenMetrics()
    {
        var text = new System.Text.StringBuilder("# TYPE written gauge\n");
        foreach (WrittenSample sample in Enumerable.Range(0, 25).SelectMany(series => Series(series, 0, Ticks)))
        {
            if (double.IsNaN(sample.Value))
                continue;
            IEnumerable<string> labels = sample.Labels.Skip(1).Select(label => $"\"{label.Name}\"=\"{label.Value.Replace("\"", "\\\"", StringComparison.Ordinal)}\"");
            text.Append(CultureInfo.InvariantCulture, $"written{{{string.Join(',', labels)}}} {Number(sample.Value)} {sample.TimestampMs / 1000}\n");
        }

        return text.Append("# EOF\n").ToString();
    }

    private static string Number(double value) =>
        double.IsInfinity(value) ? "+Inf" : value.ToString("R", CultureInfo.InvariantCulture);

    // Counters, constants, odd values, and series that last an hour or are gone every now and then.
    private IEnumerable<WrittenSample> Series(int series, int fromTick, int toTick)
    {
        (string, string)[] labels = [("__name__", "written"), ("i", $"{series}"), ("kind", $"{series % 5}"), ("ünï", "\"é\"")];
        for (int tick = fromTick; tick < toTick; tick++)
        {
            double? value = (series % 5) switch
            {
                0 => tick * series + 0.1 * (tick % 7),
                1 => 7,
                2 => Special[(tick + series) % Special.Length],
                3 => tick / 240 == series / 5 % 4 ? tick : null,
                _ => tick % (20 + series) == 10 ? Stale : tick % (20 + series) < 10 ? tick : null,
            };
            if (value is { } present)
                yield return new WrittenSample(_startMs + tick * StepMs, present, labels);
        }
    }
}
