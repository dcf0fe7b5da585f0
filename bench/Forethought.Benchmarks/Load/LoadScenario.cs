using System.Globalization;
using System.Text;
using Forethought.Benchmarks.Targets;

namespace Forethought.Benchmarks.Load;

/// <summary>
/// What whole servers cost under scrapes: <c>load TARGETS SERIES INTERVAL DURATION CHURN COMMAND…</c> starts each server in turn, has it
/// scrape targets of another process (seconds; churn is the share of series that is replaced every minute) and prints CPU, anonymous
/// memory and its slope, and how long the garbage collector stopped it. A command is a path to a server with Prometheus' flags, or a
/// line with <c>{config}</c>, <c>{data}</c> and <c>{port}</c> in it.
/// </summary>
internal sealed class LoadScenario
{
    private readonly int _targets;
    private readonly int _series;
    private readonly TimeSpan _interval;
    private readonly TimeSpan _duration;
    private readonly double _churn;

    private LoadScenario(string[] args)
    {
        double Argument(int index) => double.Parse(args[index], CultureInfo.InvariantCulture);
        _targets = (int)Argument(1);
        _series = (int)Argument(2);
        _interval = TimeSpan.FromSeconds(Argument(3));
        _duration = TimeSpan.FromSeconds(Argument(4));
        _churn = Argument(5);
    }

    public static async Task<int> RunAsync(string[] args)
    {
        if (args.Length < 7)
        {
            await Console.Error.WriteLineAsync("load TARGETS SERIES INTERVAL DURATION CHURN COMMAND...");
            return 1;
        }

        var scenario = new LoadScenario(args);
        foreach (string command in args[6..])
            (await scenario.MeasureAsync(command)).Print();
        return 0;
    }

    private async Task<LoadMeasurement> MeasureAsync(string command)
    {
        using var targets = TargetProcess.Start(_series, _churn);
        using ServerProcess server = await ServerProcess.StartAsync(command, Configuration(targets.Address));
        using PauseRecorder? pauses = PauseRecorder.TryStart(server.Id);

        // Every target is scraped once within the first interval; some of the second round is awaited for late ones.
        TimeSpan first = _interval * 1.5;
        await Task.Delay(first, TimeProvider.System);
        var measurement = new LoadMeasurement(command)
        {
            Series = (long)_targets * _series,
            FirstScrapes = server.Cpu,
            FirstScrapesMs = first.TotalMilliseconds,
        };
        await WatchAsync(server, measurement);
        measurement.TargetsUp = await server.ValueAsync("sum(up)");
        measurement.Pauses = pauses?.Finish();
        return measurement;
    }

    private async Task WatchAsync(ServerProcess server, LoadMeasurement measurement)
    {
        TimeSpan before = server.Cpu;
        long start = TimeProvider.System.GetTimestamp();
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(2), TimeProvider.System);
        while (TimeProvider.System.GetElapsedTime(start) < _duration)
        {
            measurement.NoteMemory(TimeProvider.System.GetElapsedTime(start), server.AnonymousBytes);
            await timer.WaitForNextTickAsync();
        }

        measurement.Cpu = server.Cpu - before;
        measurement.Samples = _targets * (double)_series * (TimeProvider.System.GetElapsedTime(start) / _interval);
    }

    private string Configuration(string address)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"""
            global:
              scrape_interval: {_interval.TotalSeconds}s
              scrape_timeout: {_interval.TotalSeconds}s
            scrape_configs:
            - job_name: bench
              static_configs:

            """);
        for (int i = 0; i < _targets; i++)
            text.Append(CultureInfo.InvariantCulture, $"  - targets: ['{address}']\n    labels: {{instance: '10.0.{i / 250}.{i % 250}:9100', cluster: c{i % 4}}}\n");
        return text.ToString();
    }
}
