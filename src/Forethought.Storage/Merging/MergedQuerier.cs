using Forethought.Model;

namespace Forethought.Storage.Merging;

/// <summary>
/// Several queriers as one: series with equal labels become one with the samples of all, of one time once. All are asked at once, so
/// that those on other machines are waited for together. An error of any of them fails the call. Owns the queriers.
/// </summary>
public sealed class MergedQuerier : IQuerier
{
    private readonly IQuerier[] _queriers;

    private MergedQuerier(IQuerier[] queriers) => _queriers = queriers;

    /// <summary>One querier over all of <paramref name="queriers"/>; a single one is returned as it is.</summary>
    /// <param name="queriers">May be empty. They belong to what is returned.</param>
    public static IQuerier Of(IReadOnlyList<IQuerier> queriers) =>
        queriers.Count == 1 ? queriers[0] : new MergedQuerier([.. queriers]);

    /// <inheritdoc/>
    public async ValueTask<ISeriesSet> SelectAsync(
        SelectHints hints, IReadOnlyList<Matcher> matchers, CancellationToken cancellationToken)
    {
        SelectHints sorted = hints.SortSeries ? hints : hints with { SortSeries = true };
        Task<ISeriesSet>[] selections =
            [.. _queriers.Select(async querier => await querier.SelectAsync(sorted, matchers, cancellationToken).ConfigureAwait(false))];
        try
        {
            return new MergedSeriesSet(await Task.WhenAll(selections).ConfigureAwait(false), hints.Limit);
        }
        catch
        {
            await DisposeSuccessfulAsync(selections).ConfigureAwait(false);
            throw;
        }
    }

    /// <inheritdoc/>
    /// <exception cref="StorageException">A source failed.</exception>
    public async ValueTask<LabelQueryResult> LabelNamesAsync(
        IReadOnlyList<Matcher> matchers, int limit, CancellationToken cancellationToken)
    {
        try
        {
            return await MergeAsync(querier => querier.LabelNamesAsync(matchers, limit, cancellationToken), limit).ConfigureAwait(false);
        }
        catch (StorageException e)
        {
            throw new StorageException("LabelNames() from merge generic querier: " + e.Message, e);
        }
    }

    /// <inheritdoc/>
    /// <exception cref="StorageException">A source failed.</exception>
    public async ValueTask<LabelQueryResult> LabelValuesAsync(
        string name, IReadOnlyList<Matcher> matchers, int limit, CancellationToken cancellationToken)
    {
        try
        {
            return await MergeAsync(querier => querier.LabelValuesAsync(name, matchers, limit, cancellationToken), limit)
                .ConfigureAwait(false);
        }
        catch (StorageException e)
        {
            throw new StorageException($"LabelValues() from merge generic querier for label {name}: {e.Message}", e);
        }
    }

    /// <summary>Disposes all queriers, even when one of them fails.</summary>
    public void Dispose() => Disposal.All(_queriers);

    private static async Task DisposeSuccessfulAsync(Task<ISeriesSet>[] selections)
    {
        List<ISeriesSet> sets = [];
        foreach (Task<ISeriesSet> selection in selections)
        {
            if (selection.IsCompletedSuccessfully)
                sets.Add(await selection.ConfigureAwait(false));
        }

        Disposal.All(sets);
    }

    private async Task<LabelQueryResult> MergeAsync(Func<IQuerier, ValueTask<LabelQueryResult>> ask, int limit)
    {
        LabelQueryResult[] results = await Task
            .WhenAll(_queriers.Select(async querier => await ask(querier).ConfigureAwait(false)))
            .ConfigureAwait(false);
        IReadOnlyList<string>[] lists = [.. results.Select(result => result.Texts)];

        // One text more than wanted tells whether the union is longer.
        IReadOnlyList<string> merged = SortedTexts.Merge(lists, limit > 0 ? limit + 1 : 0);
        bool isCut = limit > 0 && merged.Count > limit;
        return new LabelQueryResult(
            isCut ? [.. merged.Take(limit)] : merged,
            isCut || results.Any(result => result.IsTruncated),
            MergedWarnings.Of(results.Select(result => result.Warnings)));
    }
}
