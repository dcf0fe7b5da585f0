namespace Forethought.PromQL.Execution;

/// <summary>Joins rows with the same labels, which operators may hand out one after the other, to one series each. Not thread-safe.</summary>
internal sealed class RowUnion(RowPool pool)
{
    private readonly LabelIndex _index = new();
    private readonly List<SeriesRow> _rows = [];

    /// <summary>The series in the order in which they first came.</summary>
    public List<SeriesRow> Rows => _rows;

    /// <summary>Takes over a row.</summary>
    /// <exception cref="PromQlException">Its series has a sample at one of the row's steps already.</exception>
    public void Add(SeriesRow row)
    {
        int number = _index.GetOrAdd(row.Labels);
        if (number == _rows.Count)
        {
            _rows.Add(row);
            return;
        }

        SeriesRow series = _rows[number];
        if (StepBits.Overlap(series.Present, row.Present))
            throw PromQlException.SameLabels();
        foreach (int step in StepBits.Walk(row.Present))
            series.CopySample(row, step);
        pool.Return(row);
    }
}
