namespace Forethought.Tsdb.Platform;

/// <summary>
/// Where work runs that waits for the disk: on threads of its own, so that no pool thread is blocked, or on the caller's, so that the
/// order of operations on the disk is always the same, which is what tests of crashes stand on.
/// </summary>
internal sealed class DiskWork
{
    public static readonly DiskWork OnThreads = new(isInline: false);

    public static readonly DiskWork Inline = new(isInline: true);

    private DiskWork(bool isInline) => IsInline = isInline;

    /// <summary>Whether the caller's thread does the work.</summary>
    public bool IsInline { get; }

    /// <summary>Does work; the task ends as it does.</summary>
    public Task RunAsync(Action work) => RunAsync(() =>
    {
        work();
        return true;
    });

    /// <inheritdoc cref="RunAsync(Action)"/>
    public Task<T> RunAsync<T>(Func<T> work, CancellationToken cancellationToken = default)
    {
        if (!IsInline)
            return Task.Factory.StartNew(work, cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            return Task.FromResult(work());
        }
        catch (Exception e)
        {
            return Task.FromException<T>(e);
        }
    }
}
