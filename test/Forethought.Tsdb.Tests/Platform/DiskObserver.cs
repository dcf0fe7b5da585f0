namespace Forethought.Tsdb.Tests.Platform;

/// <summary>Told of an operation of a <see cref="MemoryDisk"/> before it takes effect; of a write with its bytes and where they go.</summary>
internal delegate void DiskObserver(DiskOperation operation, ReadOnlySpan<byte> bytes, long offset);
