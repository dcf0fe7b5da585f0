namespace Forethought.PromQL.Execution;

/// <summary>All rows of an input with the number of the group each belongs to.</summary>
internal sealed class CollectedGroups(LabelProjection groups)
{
    private readonly LabelIndex _index = new();

    public List<SeriesRow> Rows { get; } = [];

    /// <summary>The group of each row.</summary>
    public List<int> GroupOf { get; } = [];

    public int GroupCount => _index.Count;

    public ReadOnlySpan<byte> LabelsOf(int group) => _index[group].Packed;

    /// <summary>Reads the input to its end.</summary>
    public void Collect(VectorOperator input)
    {
        while (input.Next() is { } row)
        {
            Rows.Add(row);
            GroupOf.Add(_index.GetOrAdd(groups.Apply(row.Labels)));
        }
    }
}
