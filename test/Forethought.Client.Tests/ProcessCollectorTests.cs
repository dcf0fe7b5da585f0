using Forethought.Testing;

namespace Forethought.Client.Tests;

public sealed class ProcessCollectorTests
{
    // proc(5): state after the command; utime 14 and stime 15, num_threads 20, starttime 22, vsize 23, rss 24, counted from 1.
    private const string Stat =
        "26231 (vi m) (x)) R 5392 7446 5392 34835 7446 4218880 32533 309516 26 82 1677 44 158 99 20 0 7 0 82375 56274944 1981 "
        + "18446744073709551615 4194304 6294284 140736914091744 140736914087944 139965136429984 0 0 12288 1870679807 0 0 0 17 0 0 0 31 0 0\n";

    private const string Limits =
        """
        Limit                     Soft Limit           Hard Limit           Units
        Max cpu time              unlimited            unlimited            seconds
        Max open files            2048                 4096                 files
        Max address space         8589934592           unlimited            bytes

        """;

    private const string NetworkStatistics =
        """
        TcpExt: SyncookiesSent SyncookiesRecv
        TcpExt: 1 2
        IpExt: InNoRoutes InTruncatedPkts InMcastPkts OutMcastPkts InBcastPkts OutBcastPkts InOctets OutOctets InMcastOctets
        IpExt: 0 0 208 214 118 111 123456 654321 25544

        """;

    [Fact]
    public void Reads_the_figures_of_a_proc_file_system()
    {
        using TemporaryDirectory proc = FakeProc();
        ProcessFigures figures = new LinuxProcess(proc.Path).Read();
        Assert.Equal((1677 + 44) / 100.0, figures.CpuSeconds);
        Assert.Equal(56274944, figures.VirtualBytes);
        Assert.Equal(1981.0 * Environment.SystemPageSize, figures.ResidentBytes);
        Assert.Equal(1418183276 + 823.75, figures.StartTimeSeconds);
        Assert.Equal(5, figures.OpenFileDescriptors);
        Assert.Equal(2048, figures.MaxFileDescriptors);
        Assert.Equal(8589934592, figures.MaxVirtualBytes);
        Assert.Equal(123456, figures.ReceivedBytes);
        Assert.Equal(654321, figures.TransmittedBytes);
        Assert.Equal(7, new LinuxProcess(proc.Path).ReadThreads());
    }

    [Fact]
    public void Shows_no_limit_as_the_largest_number()
    {
        using TemporaryDirectory proc = FakeProc();
        File.WriteAllText(proc.File("self/limits"), "Max address space         unlimited            unlimited            bytes\n");
        ProcessFigures figures = new LinuxProcess(proc.Path).Read();
        Assert.Equal(18446744073709551615.0, figures.MaxVirtualBytes);
        Assert.Null(figures.MaxFileDescriptors);
    }

    [Fact]
    public void Leaves_out_what_it_cannot_read()
    {
        using var empty = new TemporaryDirectory();
        Assert.Equal(default, new LinuxProcess(empty.Path).Read());
        Assert.Null(new LinuxProcess(empty.Path).ReadThreads());
    }

    [Fact]
    public void Survives_files_cut_anywhere()
    {
        foreach ((string name, string content) in ((string, string)[])
                 [("self/stat", Stat), ("self/limits", Limits), ("self/net/netstat", NetworkStatistics), ("stat", "cpu 1\nbtime 1418183276\n")])
        {
            using TemporaryDirectory proc = FakeProc();
            for (int length = 0; length < content.Length; length += 3)
            {
                File.WriteAllText(proc.File(name), content[..length]);
                ProcessFigures figures = new LinuxProcess(proc.Path).Read();
                Assert.Equal(5, figures.OpenFileDescriptors);
            }
        }
    }

    [Fact]
    public void Exposes_this_process()
    {
        var registry = new MetricRegistry();
        registry.Register(new ProcessCollector());
        Dictionary<string, double> values = registry.ToText().Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(line => line[0] != '#')
            .Select(line => line.Split(' '))
            .ToDictionary(parts => parts[0], parts => double.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture));
        double now = (DateTimeOffset.UtcNow - DateTimeOffset.UnixEpoch).TotalSeconds;
        Assert.InRange(values["process_start_time_seconds"], now - 3600, now + 1);
        Assert.InRange(values["process_resident_memory_bytes"], 1e6, 1e11);
        Assert.InRange(values["process_virtual_memory_bytes"], values["process_resident_memory_bytes"], 1e15);
        Assert.InRange(values["process_cpu_seconds_total"], 0.01, 3600 * 64);
        if (OperatingSystem.IsLinux())
        {
            Assert.InRange(values["process_open_fds"], 3, values["process_max_fds"]);
            Assert.Equal(9, values.Count);
        }
    }

    [Fact]
    public void Knows_the_essentials_on_every_system()
    {
        ProcessFigures figures = PortableProcess.Read();
        Assert.True(figures is { CpuSeconds: > 0, ResidentBytes: > 0, VirtualBytes: > 0, StartTimeSeconds: > 1.7e9 });
        Assert.InRange(PortableProcess.ReadThreads(), 1, 10_000);
    }

    private static TemporaryDirectory FakeProc()
    {
        var proc = new TemporaryDirectory();
        Directory.CreateDirectory(proc.File("self/fd"));
        Directory.CreateDirectory(proc.File("self/net"));
        for (int i = 0; i < 5; i++)
            File.WriteAllText(proc.File($"self/fd/{i}"), "");
        File.WriteAllText(proc.File("self/stat"), Stat);
        File.WriteAllText(proc.File("self/limits"), Limits);
        File.WriteAllText(proc.File("self/net/netstat"), NetworkStatistics);
        File.WriteAllText(proc.File("stat"), "cpu  301854 612 111922 8979004 3552 2 3944 0 0 0\nbtime 1418183276\nprocesses 26442\n");
        return proc;
    }
}
