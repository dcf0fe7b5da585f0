using System.Globalization;

namespace Forethought.Benchmarks.Blocks;

/// <summary>
/// Watches this process on Linux while it does something: time on the processor, what it allocated, its memory before and at most. What
/// is resident is known to the kernel, what of it is anonymous (not read from files) is looked at every few milliseconds.
/// </summary>
internal sealed class MemoryWatch : IDisposable
{
    private readonly long _start = TimeProvider.System.GetTimestamp();
    private readonly TimeSpan _cpu;
    private readonly long _allocated = GC.GetTotalAllocatedBytes();
    private readonly double _residentMiB;
    private readonly double _anonymousMiB;
    private readonly ITimer _timer;
    private double _peakAnonymousMiB;

    public MemoryWatch()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        File.WriteAllText("/proc/self/clear_refs", "5");
        _residentMiB = MiB("VmRSS");
        _anonymousMiB = _peakAnonymousMiB = MiB("RssAnon");
        _cpu = Environment.CpuUsage.TotalTime;
        var period = TimeSpan.FromMilliseconds(5);
        _timer = TimeProvider.System.CreateTimer(_ => Note(), null, period, period);
    }

    /// <summary>Prints what was used so far.</summary>
    public void Report(string what)
    {
        Note();
        double seconds = TimeProvider.System.GetElapsedTime(_start).TotalSeconds;
        double cpu = (Environment.CpuUsage.TotalTime - _cpu).TotalSeconds;
        double peak = MiB("VmHWM");
        double allocated = (GC.GetTotalAllocatedBytes() - _allocated) / 1048576.0;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{what}: {seconds:F1} s, {cpu:F2} s CPU; MiB resident {_residentMiB:F0} → {peak:F0} ({Percent(peak, _residentMiB)}), "
            + $"anonymous {_anonymousMiB:F0} → {_peakAnonymousMiB:F0} ({Percent(_peakAnonymousMiB, _anonymousMiB)}), allocated {allocated:F0}"));
    }

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    private static string Percent(double now, double before) => (now / before - 1).ToString("+0.0 %;-0.0 %", CultureInfo.InvariantCulture);

    private void Note() => _peakAnonymousMiB = Math.Max(_peakAnonymousMiB, MiB("RssAnon"));

    private static double MiB(string line)
    {
        string found = File.ReadLines("/proc/self/status").First(text => text.StartsWith(line + ":", StringComparison.Ordinal));
        return double.Parse(found.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) / 1024;
    }
}
