using System.Net;
using Microsoft.AspNetCore.Connections;

namespace Forethought.Web;

/// <summary>
/// Lets at most so many connections be open at a time over all addresses. Further ones wait in the system's queue until one ends, as
/// upstream lets them wait; Kestrel's own limit would accept them and hang up. Thread-safe.
/// </summary>
/// <param name="inner">What listens.</param>
/// <param name="maxConnections">The limit, above zero.</param>
internal sealed class LimitedListenerFactory(IConnectionListenerFactory inner, int maxConnections) : IConnectionListenerFactory, IDisposable
{
    private readonly SemaphoreSlim _free = new(maxConnections);

    /// <inheritdoc/>
    public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
        new Listener(await inner.BindAsync(endpoint, cancellationToken).ConfigureAwait(false), _free);

    /// <inheritdoc/>
    public void Dispose() => _free.Dispose();

    private sealed class Listener(IConnectionListener inner, SemaphoreSlim free) : IConnectionListener
    {
        private readonly CancellationTokenSource _unbound = new();

        public EndPoint EndPoint => inner.EndPoint;

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
        {
            try
            {
                using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _unbound.Token);
                await free.WaitAsync(either.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (_unbound.IsCancellationRequested)
            {
                return null;
            }

            ConnectionContext? connection = null;
            try
            {
                connection = await inner.AcceptAsync(cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                if (connection is null)
                    free.Release();
            }

            // Runs once: at the end of the connection, or now if it has ended already.
            connection?.ConnectionClosed.UnsafeRegister(static free => ((SemaphoreSlim)free!).Release(), free);
            return connection;
        }

        public async ValueTask UnbindAsync(CancellationToken cancellationToken = default)
        {
            await _unbound.CancelAsync().ConfigureAwait(false);
            await inner.UnbindAsync(cancellationToken).ConfigureAwait(false);
        }

        public async ValueTask DisposeAsync()
        {
            await inner.DisposeAsync().ConfigureAwait(false);
            _unbound.Dispose();
        }
    }
}
