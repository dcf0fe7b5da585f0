using System.Globalization;

namespace Forethought.Benchmarks.Load;

/// <summary>What a server did and cost under load.</summary>
internal sealed class LoadMeasurement(string server)
{
    private readonly List<(double Minutes, long Bytes)> _memory = [];

    public required long Series { get; init; }

    /// <summary>CPU of the first scrape of every target, start included.</summary>
    public required TimeSpan FirstScrapes { get; init; }

    /// <summary>When the first scrapes were over, on the clock of <see cref="Pauses"/>.</summary>
    public required double FirstScrapesMs { get; init; }

    public TimeSpan Cpu { get; set; }

    public double Samples { get; set; }

    public double TargetsUp { get; set; }

    /// <summary>Null where there is no .NET runtime to ask.</summary>
    public IReadOnlyList<Pause>? Pauses { get; set; }

    public void NoteMemory(TimeSpan at, long bytes) => _memory.Add((at.TotalMinutes, bytes));

    public void Print()
    {
        Line($"### {server}");
        Line($"targets up at the end: {TargetsUp}");
        Line($"CPU µs a new series, start included: {FirstScrapes.TotalMicroseconds / Series:F2}");
        Line($"CPU s a million samples afterwards: {Cpu.TotalSeconds / Samples * 1e6:F3}");
        Line($"anonymous bytes a series (of those at one time): {_memory[^1].Bytes / Series}");
        Line($"anonymous MB: first {Megabytes(_memory[0].Bytes)}, most {Megabytes(_memory.Max(point => point.Bytes))}, last {Megabytes(_memory[^1].Bytes)}");
        Line($"its slope over the second half: {SlopeOfSecondHalf() / 1024:F0} KB a minute");
        PrintPauses();
        Console.WriteLine();
    }

    private static double Megabytes(long bytes) => Math.Round(bytes / 1048576.0, 1);

    private static void Line(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));

    // Least squares.
    private double SlopeOfSecondHalf()
    {
        (double Minutes, long Bytes)[] points = [.. _memory.Skip(_memory.Count / 2)];
        double minutes = points.Average(point => point.Minutes), bytes = points.Average(point => point.Bytes);
        double variance = points.Sum(point => (point.Minutes - minutes) * (point.Minutes - minutes));
        return variance == 0 ? 0 : points.Sum(point => (point.Minutes - minutes) * (point.Bytes - bytes)) / variance;
    }

    private void PrintPauses()
    {
        if (Pauses is null)
            return;
        Line($"pauses of the garbage collector, ms; while series are made:");
        PrintPauses([.. Pauses.Where(pause => pause.AtMs < FirstScrapesMs)]);
        Line($"and afterwards:");
        PrintPauses([.. Pauses.Where(pause => pause.AtMs >= FirstScrapesMs)]);
    }

    private static void PrintPauses(Pause[] pauses)
    {
        double[] sorted = [.. pauses.Select(pause => pause.DurationMs).Order()];
        if (sorted.Length == 0)
        {
            Line($"  none");
            return;
        }

        double Quantile(double quantile) => sorted[(int)Math.Ceiling(quantile * sorted.Length) - 1];
        Line($"  {sorted.Length}, sum {sorted.Sum():F1}, p50 {Quantile(0.5):F2}, p99 {Quantile(0.99):F2}, p99.9 {Quantile(0.999):F2}, max {sorted[^1]:F2}");
        foreach (Pause pause in pauses.OrderByDescending(pause => pause.DurationMs).Take(4))
            Line($"    {pause.DurationMs:F2} at {pause.AtMs / 1000:F1} s, {pause.StoppingMs:F2} of it until all threads stood: {pause.Cause}");
    }
}
