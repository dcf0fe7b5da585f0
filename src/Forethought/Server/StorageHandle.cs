using Forethought.Model;
using Forethought.Storage;
using Forethought.Tsdb;
using IQueryable = Forethought.Storage.IQueryable;

namespace Forethought.Server;

/// <summary>
/// Stands for the local store while it is still being opened, so that everything above it can be put together and the web
/// server can answer. Thread-safe.
/// </summary>
internal sealed class StorageHandle : IAppendable, IQueryable, IExemplarQueryable
{
    private TsdbStore? _store;

    /// <summary>The store, null until it is open.</summary>
    public TsdbStore? Store => Volatile.Read(ref _store);

    /// <summary>Puts the open store in place.</summary>
    public void Set(TsdbStore store) => Volatile.Write(ref _store, store);

    /// <inheritdoc/>
    public IAppender OpenAppender() => Ready().OpenAppender();

    /// <inheritdoc/>
    public IQuerier OpenQuerier(long minTimeMs, long maxTimeMs) => Ready().OpenQuerier(minTimeMs, maxTimeMs);

    /// <inheritdoc/>
    public IReadOnlyList<ExemplarSeries> SelectExemplars(
        long minTimeMs, long maxTimeMs, IReadOnlyList<IReadOnlyList<Matcher>> selectors) =>
        Ready().SelectExemplars(minTimeMs, maxTimeMs, selectors);

    private TsdbStore Ready() => Store ?? throw new StorageException("TSDB not ready");
}
