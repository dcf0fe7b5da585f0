namespace Forethought.Tsdb.Tests.Histories;

/// <summary>A history to be run, and where it is cut: all that happens follows from it.</summary>
internal sealed record HistoryPlan
{
    private static readonly (HistoryStepKind Kind, int Weight)[] Weights =
    [
        (HistoryStepKind.Transact, 40),
        (HistoryStepKind.Stage, 8),
        (HistoryStepKind.End, 6),
        (HistoryStepKind.Maintain, 10),
        (HistoryStepKind.MaintainBesideReader, 2),
        (HistoryStepKind.Query, 6),
        (HistoryStepKind.Labels, 1),
        (HistoryStepKind.Delete, 5),
        (HistoryStepKind.Clean, 2),
        (HistoryStepKind.Snapshot, 1),
        (HistoryStepKind.Truncate, 1),
        (HistoryStepKind.Retain, 1),
        (HistoryStepKind.Window, 1),
        (HistoryStepKind.Wait, 4),
        (HistoryStepKind.Reopen, 6),
    ];

    public required int Seed { get; init; }

    public required HistoryWeather Weather { get; init; }

    /// <summary>The operation of the disk with which the weather begins.</summary>
    public int WeatherFrom { get; init; }

    /// <summary>Operations from one crash to the next; 0 for no crash.</summary>
    public int CrashEvery { get; init; }

    /// <summary>Whether late samples are taken at all.</summary>
    public bool TakesLate { get; init; }

    public required IReadOnlyList<HistoryStep> Steps { get; init; }

    /// <summary>Draws a history.</summary>
    /// <param name="seed">What all depends on.</param>
    /// <param name="steps">How long it is.</param>
    /// <param name="weather">How the disk behaves.</param>
    /// <param name="crashEvery">See <see cref="CrashEvery"/>.</param>
    public static HistoryPlan Draw(int seed, int steps, HistoryWeather weather, int crashEvery)
    {
        var random = new Random(seed);
        return new HistoryPlan
        {
            Seed = seed,
            Weather = weather,
            WeatherFrom = random.Next(8 * steps),
            CrashEvery = crashEvery,
            TakesLate = random.Next(5) < 3,
            Steps = [.. Enumerable.Range(0, steps).Select(_ => new HistoryStep(DrawKind(random), random.Next()))],
        };
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"seed {Seed}, {Weather} from operation {WeatherFrom}, a crash every {CrashEvery} operations, late samples: {TakesLate}\n  "
        + string.Join("\n  ", Steps.Select((step, i) => $"{i}: {step.Kind} {step.Seed}"));

    private static HistoryStepKind DrawKind(Random random)
    {
        int left = random.Next(Weights.Sum(entry => entry.Weight));
        foreach ((HistoryStepKind kind, int weight) in Weights)
        {
            left -= weight;
            if (left < 0)
                return kind;
        }

        throw new InvalidOperationException("the weights do not add up");
    }
}
