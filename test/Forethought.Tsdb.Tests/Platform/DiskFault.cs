namespace Forethought.Tsdb.Tests.Platform;

/// <summary>An operation fails, a write after its first bytes were done; after a crash nothing works any more.</summary>
internal readonly record struct DiskFault(int BytesDone = 0, bool Crashes = false);
