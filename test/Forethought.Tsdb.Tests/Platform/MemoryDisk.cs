namespace Forethought.Tsdb.Tests.Platform;

/// <summary>
/// A disk in memory that fails on demand. Every change (write, length, creation, deletion, rename, sync) is an operation with a
/// number; <see cref="Fault"/> decides what becomes of it. After a crash all operations fail until <see cref="Restart"/>. Operations may
/// come from several threads.
/// </summary>
internal sealed class MemoryDisk
{
    private readonly Lock _gate = new();

    /// <summary>What befalls operation number n; null for nothing.</summary>
    public Func<int, DiskOperation, DiskFault?>? Fault { get; set; }

    /// <summary>Operations so far.</summary>
    public int Operations { get; private set; }

    /// <summary>The operations with their sizes, in order.</summary>
    public List<DiskOperation> Journal { get; } = [];

    /// <summary>Bytes that may still be allocated.</summary>
    public long FreeBytes { get; set; } = long.MaxValue;

    /// <summary>The size of the file system, 0 for one that is not known.</summary>
    public long CapacityBytes { get; set; }

    /// <summary>How often files may still be read; one more throws, so that reading without end is noticed.</summary>
    public int ReadsLeft { get; set; } = int.MaxValue;

    /// <summary>Files that cannot be opened, by their path; null for none.</summary>
    public Predicate<string>? RefusesToOpen { get; set; }

    /// <summary>Whether files can have several names.</summary>
    public bool Links { get; set; } = true;

    /// <summary>What was told not to be kept in memory: the file and how much of it was synced.</summary>
    public List<(string Path, int Bytes)> Dropped { get; } = [];

    /// <summary>Whether what a failed sync should have made durable stays in danger although the next sync succeeds, as on Linux.</summary>
    public bool ForgetsFailedSyncs { get; set; }

    /// <summary>Told of each operation before it is done.</summary>
    public DiskObserver? Observer { get; set; }

    public bool HasCrashed { get; private set; }

    /// <summary>Whether an operation ever failed, or was meant to, or there was no room.</summary>
    public bool HasFailed { get; set; }

    public MemoryDirectory Root { get; private set; }

    /// <summary>Where a store with its data on this disk has its log.</summary>
    public MemoryDirectory Log => (MemoryDirectory)Root.GetDirectory("wal");

    public MemoryDisk() => Root = new MemoryDirectory(this, "/data");

    /// <summary>Starts again after a crash; a power loss forgets what was not synced.</summary>
    public void Restart(bool losesUnsynced)
    {
        HasCrashed = false;
        Fault = null;
        RefusesToOpen = null;
        FreeBytes = long.MaxValue;
        if (losesUnsynced)
            Root.ForgetUnsynced();
    }

    /// <summary>Counts a read.</summary>
    public void BeginRead()
    {
        if (ReadsLeft != int.MaxValue && --ReadsLeft < 0)
            throw new InvalidOperationException("files are read without end");
    }

    public void NoteDropped(string path, int bytes)
    {
        lock (_gate)
            Dropped.Add((path, bytes));
    }

    /// <summary>A copy of the disk as it would be after the process or the machine ended now, at work again.</summary>
    /// <param name="loss">What a power loss leaves; null if only the process ends.</param>
    public MemoryDisk Fork(PowerLoss? loss)
    {
        var fork = new MemoryDisk { Links = Links, CapacityBytes = CapacityBytes, ForgetsFailedSyncs = ForgetsFailedSyncs };
        fork.Root = Root.Fork(fork, loss, []);
        return fork;
    }

    /// <summary>The file of a path; null if there is none.</summary>
    public MemoryFile? Find(string path)
    {
        object? found = Root;
        foreach (string name in path[(Root.FullName.Length + 1)..].Split('/'))
            found = (found as MemoryDirectory)?.Find(name);
        return found as MemoryFile;
    }

    /// <summary>Counts an operation. Returns how many of its bytes take effect; fewer than asked means that it then fails.</summary>
    public int Begin(DiskOperation operation, ReadOnlySpan<byte> bytes = default, long offset = 0)
    {
        lock (_gate)
        {
            if (HasCrashed)
                throw new IOException("the disk is gone");
            Observer?.Invoke(operation, bytes, offset);
            Journal.Add(operation);
            if (Fault?.Invoke(Operations++, operation) is not { } fault)
                return operation.Bytes;
            HasCrashed = fault.Crashes;
            HasFailed = true;
            if (operation.Kind == DiskOperationKind.Write)
                return Math.Min(fault.BytesDone, operation.Bytes);
            throw new IOException("injected failure");
        }
    }
}
