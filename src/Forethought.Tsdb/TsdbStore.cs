using Forethought.Storage;
using Forethought.Tsdb.Head;
using IQueryable = Forethought.Storage.IQueryable;

namespace Forethought.Tsdb;

/// <summary>
/// The local store: takes samples into the head and answers queries from it. Open one store per data directory. Thread-safe.
/// </summary>
public sealed class TsdbStore : IAppendable, IQueryable, IAsyncDisposable
{
    private readonly HeadState _head;
    private readonly AppenderPool _appenders;

    private TsdbStore(HeadState head, AppenderPool appenders)
    {
        _head = head;
        _appenders = appenders;
    }

    /// <summary>Opens a store.</summary>
    public static ValueTask<TsdbStore> OpenAsync(TsdbOptions options)
    {
        var head = new HeadState(options);
        return ValueTask.FromResult(new TsdbStore(head, new AppenderPool(head, null)));
    }

    internal HeadState Head => _head;

    /// <inheritdoc/>
    public IAppender OpenAppender() => _appenders.Open();

    /// <inheritdoc/>
    public IQuerier OpenQuerier(long minTimeMs, long maxTimeMs) => new HeadQuerier(_head, minTimeMs, maxTimeMs);

    /// <summary>Closes the store; queriers and appenders must be disposed before.</summary>
    public ValueTask DisposeAsync()
    {
        _head.Dispose();
        return ValueTask.CompletedTask;
    }
}
