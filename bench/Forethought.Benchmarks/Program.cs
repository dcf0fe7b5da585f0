using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Forethought.Benchmarks;
using Forethought.Benchmarks.Alignment;
using Forethought.Benchmarks.Blocks;
using Forethought.Benchmarks.Load;
using Forethought.Benchmarks.Targets;

if (args is [TargetProcess.Command, ..])
    return await TargetProcess.ServeAsync(args);
if (args is ["alignment", ..])
    return await AlignmentScenario.RunAsync(args);
if (args is ["compaction", ..])
    return await CompactionScenario.RunAsync(args);
if (args is ["load", ..])
    return await LoadScenario.RunAsync(args);

// Time is charted, allocation is a gate: benchmarks in the category ZeroAllocation fail the run when they allocate.
ManualConfig config = DefaultConfig.Instance
    .AddDiagnoser(MemoryDiagnoser.Default)
    .AddColumn(StatisticColumn.Median)
    .AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance));
Summary[] summaries = [.. BenchmarkSwitcher.FromAssembly(typeof(AllocationGate).Assembly).Run(args, config)];
return AllocationGate.Check(summaries);
