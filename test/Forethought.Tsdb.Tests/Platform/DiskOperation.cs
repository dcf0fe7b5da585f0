namespace Forethought.Tsdb.Tests.Platform;

/// <summary>A change that was asked of a <see cref="MemoryDisk"/>.</summary>
internal readonly record struct DiskOperation(DiskOperationKind Kind, string Path, int Bytes = 0);
