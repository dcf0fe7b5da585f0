namespace Forethought.Tsdb.Tests.Platform;

internal enum DiskOperationKind
{
    Write,
    SetLength,
    Sync,
    Create,
    Delete,
    Rename,
    SyncDirectory,
}
