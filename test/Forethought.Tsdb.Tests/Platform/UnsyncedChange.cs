namespace Forethought.Tsdb.Tests.Platform;

/// <summary>A change of a file that is not on stable storage: bytes written at an offset, or a length set.</summary>
/// <param name="Offset">Where the bytes go; the length if there are none.</param>
/// <param name="Bytes">Null if the length was set.</param>
/// <param name="IsLost">
/// Whether a sync that should have made it durable failed: the operating system takes it for written, later syncs say nothing of it.
/// </param>
internal readonly record struct UnsyncedChange(long Offset, byte[]? Bytes, bool IsLost = false);
