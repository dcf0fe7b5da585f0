using System.Globalization;
using System.IO.Enumeration;

namespace Forethought.Client;

/// <summary>Reads this process' figures from a proc file system (proc(5)), mounted at <c>proc</c>. Thread-safe.</summary>
internal sealed class LinuxProcess(string proc)
{
    // USER_HZ, the unit of times in /proc, is 100 on every architecture .NET runs on.
    private const double TicksPerSecond = 100;

    // Fields of /proc/self/stat after the parenthesised command, counted from 0: state is the first.
    private const int UserTime = 11;
    private const int SystemTime = 12;
    private const int ThreadCount = 17;
    private const int StartTime = 19;
    private const int VirtualSize = 20;
    private const int ResidentPages = 21;

    // Never changes, and the file with the machine's start time is costly to read.
    private readonly double? _startTimeSeconds =
        (Field(StatFields(Text($"{proc}/self/stat")), StartTime) / TicksPerSecond) + BootTime(Text($"{proc}/stat"));

    /// <summary>The figures now; what cannot be read or parsed is null.</summary>
    public ProcessFigures Read()
    {
        string[] stat = StatFields(Text($"{proc}/self/stat"));
        string limits = Text($"{proc}/self/limits");
        (double? received, double? transmitted) = Network(Text($"{proc}/self/net/netstat"));
        return new ProcessFigures
        {
            CpuSeconds = (Field(stat, UserTime) + Field(stat, SystemTime)) / TicksPerSecond,
            VirtualBytes = Field(stat, VirtualSize),
            ResidentBytes = Field(stat, ResidentPages) * Environment.SystemPageSize,
            StartTimeSeconds = _startTimeSeconds,
            OpenFileDescriptors = CountEntries($"{proc}/self/fd"),
            MaxFileDescriptors = Limit(limits, "Max open files"),
            MaxVirtualBytes = Limit(limits, "Max address space"),
            ReceivedBytes = received,
            TransmittedBytes = transmitted,
        };
    }

    /// <summary>The number of threads alone.</summary>
    public double? ReadThreads() => Field(StatFields(Text($"{proc}/self/stat")), ThreadCount);

    private static string Text(string path)
    {
        try
        {
            return File.ReadAllText(path, System.Text.Encoding.Latin1);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private static double? CountEntries(string directory)
    {
        try
        {
            return new FileSystemEnumerable<byte>(directory, (ref FileSystemEntry _) => 0).Count();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The fields after the command, which may itself hold spaces and parentheses.</summary>
    private static string[] StatFields(string stat)
    {
        int commandEnd = stat.LastIndexOf(')');
        return commandEnd < 0 ? [] : stat[(commandEnd + 1)..].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
    }

    private static double? Field(string[] fields, int index) => index < fields.Length ? Number(fields[index]) : null;

    private static double? Number(ReadOnlySpan<char> text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : null;

    /// <summary>The soft limit of a line such as <c>Max open files  1024  524288  files</c>.</summary>
    private static double? Limit(string limits, string name)
    {
        foreach (ReadOnlySpan<char> line in limits.AsSpan().EnumerateLines())
        {
            if (!line.StartsWith(name))
                continue;
            ReadOnlySpan<char> rest = line[name.Length..].TrimStart();
            int end = rest.IndexOf(' ');
            ReadOnlySpan<char> soft = end < 0 ? rest : rest[..end];
            return soft is "unlimited" ? ulong.MaxValue : Number(soft);
        }

        return null;
    }

    /// <summary>Seconds since 1970 at which the machine started.</summary>
    private static double? BootTime(string stat)
    {
        foreach (ReadOnlySpan<char> line in stat.AsSpan().EnumerateLines())
        {
            if (line.StartsWith("btime "))
                return Number(line["btime ".Length..]);
        }

        return null;
    }

    /// <summary>InOctets and OutOctets of the <c>IpExt</c> pair of lines: names, then values at the same places.</summary>
    private static (double? Received, double? Transmitted) Network(string netstat)
    {
        string[][] lines =
        [
            .. netstat.Split('\n').Where(line => line.StartsWith("IpExt:", StringComparison.Ordinal)).Select(line => line.Split(' ')),
        ];
        if (lines is not [var names, var values])
            return (null, null);
        return (Value("InOctets"), Value("OutOctets"));

        double? Value(string name)
        {
            int index = Array.IndexOf(names, name);
            return index < 0 ? 0 : Field(values, index);
        }
    }
}
