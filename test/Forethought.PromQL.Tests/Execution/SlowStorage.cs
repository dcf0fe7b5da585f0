using Forethought.Model;
using Forethought.PromQL.Tests.Scripts;
using Forethought.Storage;
using IQueryable = Forethought.Storage.IQueryable;

namespace Forethought.PromQL.Tests.Execution;

/// <summary>Storage whose selection waits for a gate and then lets something happen.</summary>
internal sealed class SlowStorage(MemoryStorage inner, Action selected) : IQueryable
{
    public Task Gate { get; init; } = Task.CompletedTask;

    public IQuerier OpenQuerier(long minTimeMs, long maxTimeMs) => new Querier(this, inner.OpenQuerier(minTimeMs, maxTimeMs), selected);

    private sealed class Querier(SlowStorage storage, IQuerier inner, Action selected) : IQuerier
    {
        public async ValueTask<ISeriesSet> SelectAsync(SelectHints hints, IReadOnlyList<Matcher> matchers, CancellationToken cancellationToken)
        {
            await storage.Gate;
            selected();
            return await inner.SelectAsync(hints, matchers, CancellationToken.None);
        }

        public ValueTask<LabelQueryResult> LabelNamesAsync(IReadOnlyList<Matcher> matchers, int limit, CancellationToken cancellationToken) =>
            inner.LabelNamesAsync(matchers, limit, cancellationToken);

        public ValueTask<LabelQueryResult> LabelValuesAsync(
            string name, IReadOnlyList<Matcher> matchers, int limit, CancellationToken cancellationToken) =>
            inner.LabelValuesAsync(name, matchers, limit, cancellationToken);

        public void Dispose() => inner.Dispose();
    }
}
