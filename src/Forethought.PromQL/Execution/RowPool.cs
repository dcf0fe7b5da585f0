namespace Forethought.PromQL.Execution;

/// <summary>
/// The rows of one grid within one query. It knows how many are out, which is the query's own memory: an operator that
/// streams has one row out, one that collects has all of its input's. Not thread-safe.
/// </summary>
internal sealed class RowPool(StepGrid grid, SampleAccount account)
{
    private readonly Stack<SeriesRow> _free = new();
    private readonly long _rowBytes = (SeriesRow.PaddedLength(grid.Count) * 9L) + 256;

    /// <summary>The steps of every row.</summary>
    public StepGrid Grid => grid;

    /// <summary>An empty row.</summary>
    public SeriesRow Rent()
    {
        account.Rented(_rowBytes);
        return _free.TryPop(out SeriesRow? row) ? row : new SeriesRow(grid.Count);
    }

    /// <summary>Takes back a row; the caller must not touch it again.</summary>
    public void Return(SeriesRow row)
    {
        account.Returned(_rowBytes);
        row.Clear();
        _free.Push(row);
    }
}
