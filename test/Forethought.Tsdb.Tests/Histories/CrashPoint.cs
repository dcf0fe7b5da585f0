using Forethought.Tsdb.Tests.Platform;

namespace Forethought.Tsdb.Tests.Histories;

/// <summary>What is left after a crash, to be started again.</summary>
/// <param name="Disk">The disk.</param>
/// <param name="Model">What it must and may hold.</param>
/// <param name="Clock">The time of the crash, and the last number of a sample.</param>
/// <param name="LosesPower">Whether the machine ended, and not only the process.</param>
/// <param name="Seed">What happens next depends on it.</param>
/// <param name="Description">The operation that was cut short.</param>
internal sealed record CrashPoint(
    MemoryDisk Disk, HistoryModel Model, HistoryClock Clock, bool LosesPower, int Seed, string Description);
