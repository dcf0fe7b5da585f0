using BenchmarkDotNet.Reports;

namespace Forethought.Benchmarks;

/// <summary>Fails a run in which a benchmark of the category <see cref="Category"/> allocates managed memory.</summary>
public static class AllocationGate
{
    public const string Category = "ZeroAllocation";

    /// <summary>The exit code: 0 when no such benchmark allocates and there was something to run.</summary>
    public static int Check(IReadOnlyCollection<Summary> summaries)
    {
        int code = summaries.Count == 0 ? 1 : 0;
        foreach (BenchmarkReport report in summaries.SelectMany(summary => summary.Reports))
        {
            string name = report.BenchmarkCase.Descriptor.WorkloadMethodDisplayInfo;
            long? bytes = report.GcStats.GetBytesAllocatedPerOperation(report.BenchmarkCase);
            if (!report.Success || bytes is null)
            {
                Console.Error.WriteLine($"{name}: did not run");
                code = 1;
            }
            else if (report.BenchmarkCase.Descriptor.Categories.Contains(Category) && bytes > 0)
            {
                Console.Error.WriteLine($"{name}: allocates {bytes} bytes, expected 0");
                code = 1;
            }
        }

        return code;
    }
}
