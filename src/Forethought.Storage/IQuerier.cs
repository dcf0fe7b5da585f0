using Forethought.Model;

namespace Forethought.Storage;

/// <summary>A consistent view on a store for one query. Calls may come from one thread at a time.</summary>
public interface IQuerier : IDisposable
{
    /// <summary>
    /// The series that all matchers accept. Waiting for another machine happens here; walking the set afterwards computes and
    /// reads files only.
    /// </summary>
    /// <param name="hints">What the query will do with the series.</param>
    /// <param name="matchers">At least one, at least one of which does not accept the empty value.</param>
    /// <param name="cancellationToken">Ends a wait.</param>
    ValueTask<ISeriesSet> SelectAsync(SelectHints hints, IReadOnlyList<Matcher> matchers, CancellationToken cancellationToken);

    /// <summary>The names of labels that occur on series that the matchers accept (none: on any), sorted.</summary>
    /// <param name="matchers">May be empty.</param>
    /// <param name="limit">The most names to return, 0 for all.</param>
    /// <param name="cancellationToken">Ends a wait.</param>
    ValueTask<LabelQueryResult> LabelNamesAsync(IReadOnlyList<Matcher> matchers, int limit, CancellationToken cancellationToken);

    /// <summary>The values of a label that occur on series that the matchers accept (none: on any), sorted.</summary>
    /// <param name="name">The label's name.</param>
    /// <param name="matchers">May be empty.</param>
    /// <param name="limit">The most values to return, 0 for all.</param>
    /// <param name="cancellationToken">Ends a wait.</param>
    ValueTask<LabelQueryResult> LabelValuesAsync(string name, IReadOnlyList<Matcher> matchers, int limit, CancellationToken cancellationToken);
}
