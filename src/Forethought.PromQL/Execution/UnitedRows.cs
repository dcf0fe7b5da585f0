namespace Forethought.PromQL.Execution;

/// <summary>
/// The rows of its input, each label set once. For what looks at a series across steps, the windows over a subquery, and
/// only where the input may repeat labels, since it collects.
/// </summary>
internal sealed class UnitedRows(EvaluationScope scope, VectorOperator input) : VectorOperator(scope, input)
{
    private List<SeriesRow>? _rows;
    private int _next;

    protected override bool IsInPlace => true;

    protected override SeriesRow? Produce()
    {
        _rows ??= Collect();
        return _next < _rows.Count ? _rows[_next++] : null;
    }

    private List<SeriesRow> Collect()
    {
        var union = new RowUnion(Rows);
        while (input.Next() is { } row)
            union.Add(row);
        return union.Rows;
    }
}
