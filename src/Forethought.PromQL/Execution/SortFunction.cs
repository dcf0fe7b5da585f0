namespace Forethought.PromQL.Execution;

/// <summary>
/// <c>sort</c> and its kin. An instant vector is collected and sorted; in a range query, whose result is sorted by labels anyway,
/// rows pass through.
/// </summary>
/// <param name="scope">Where it runs.</param>
/// <param name="input">The vector.</param>
/// <param name="order">The order of two rows at the only step.</param>
/// <param name="dropsHistograms">Whether histograms cannot be sorted.</param>
internal sealed class SortFunction(EvaluationScope scope, VectorOperator input, Comparison<SeriesRow> order, bool dropsHistograms)
    : VectorOperator(scope, input)
{
    private List<SeriesRow>? _sorted;
    private int _next;

    protected override SeriesRow? Produce()
    {
        if (!Scope.IsInstant)
            return NextInput();
        if (_sorted is null)
        {
            var rows = new List<SeriesRow>();
            while (NextInput() is { } row)
                rows.Add(row);

            // Enumerable.Order is stable.
            _sorted = [.. rows.Order(Comparer<SeriesRow>.Create(order))];
        }

        return _next < _sorted.Count ? _sorted[_next++] : null;
    }

    private SeriesRow? NextInput()
    {
        while (input.Next() is { } row)
        {
            if (dropsHistograms)
                row.RemoveHistograms();
            if (!DropIfEmpty(row))
                return row;
        }

        return null;
    }
}
