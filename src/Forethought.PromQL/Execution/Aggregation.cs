using Forethought.PromQL.Syntax;

namespace Forethought.PromQL.Execution;

/// <summary>Sums, means, counts, extremes and variances of groups: rows are added to their group as they stream by.</summary>
/// <param name="scope">Where it runs.</param>
/// <param name="input">The rows.</param>
/// <param name="groups">Makes the group's labels from a row's.</param>
/// <param name="op">An operator without parameter.</param>
/// <param name="annotator">Where to tell what was met.</param>
/// <param name="position">The place of the aggregated expression.</param>
internal sealed class Aggregation(
    EvaluationScope scope, VectorOperator input, LabelProjection groups, AggregateOperator op, Annotator annotator, PositionRange position)
    : VectorOperator(scope, input)
{
    private readonly LabelIndex _labels = new();
    private readonly List<Group> _groups = [];
    private int _next = -1;

    protected override bool ConsumesInputsFirst => true;

    protected override SeriesRow? Produce()
    {
        if (_next < 0)
        {
            Drain();
            _next = 0;
        }

        while (_next < _groups.Count)
        {
            SeriesRow row = Rows.Rent();
            row.SetLabels(_labels[_next].Packed);
            row.DropName = _groups[_next].DropName;
            _groups[_next].Accumulator.Complete(row);
            _groups[_next++] = default;
            if (!DropIfEmpty(row))
                return row;
        }

        return null;
    }

    private void Drain()
    {
        while (input.Next() is { } row)
        {
            int number = _labels.GetOrAdd(groups.Apply(row.Labels));
            if (number == _groups.Count)
                _groups.Add(new Group(Accumulator.Create(op, Grid.Count, annotator, position), row.DropName));
            else if (row.DropName && !_groups[number].DropName)
                _groups[number] = _groups[number] with { DropName = true };
            _groups[number].Accumulator.Add(row);
            Rows.Return(row);
        }
    }

    private readonly record struct Group(Accumulator Accumulator, bool DropName);
}
