using Forethought.Model;
using Forethought.PromQL.Functions;
using Forethought.PromQL.Syntax;

namespace Forethought.PromQL.Execution;

/// <summary><c>count_values</c>: for each group and value the number of series with that value, which becomes a label. Holds the groups.</summary>
internal sealed class CountValues : VectorOperator
{
    private readonly VectorOperator _input;
    private readonly LabelProjection _groups;
    private readonly byte[] _label;
    private readonly LabelsBuilder _builder = new();
    private readonly LabelIndex _index = new();
    private readonly List<SeriesRow> _counts = [];
    private int _next = -1;

    /// <param name="scope">Where it runs.</param>
    /// <param name="input">The vector.</param>
    /// <param name="groups">Makes the labels of the result, the value's label included.</param>
    /// <param name="label">The label that takes the value.</param>
    public CountValues(EvaluationScope scope, VectorOperator input, LabelProjection groups, string label)
        : base(scope, input)
    {
        _input = input;
        _groups = groups;
        _label = System.Text.Encoding.UTF8.GetBytes(label);
    }

    protected override SeriesRow? Produce()
    {
        if (_next < 0)
        {
            _next = 0;
            while (_input.Next() is { } row)
            {
                Count(row);
                Rows.Return(row);
            }
        }

        return _next < _counts.Count ? _counts[_next++] : null;
    }

    private void Count(SeriesRow row)
    {
        int group = -1;
        double last = 0;
        foreach (int step in StepBits.Walk(row.Present))
        {
            bool isFloat = row.IsFloat(step);
            double value = row.Values[step];

            // Values often stay the same from step to step, and so does the group.
            if (group < 0 || !isFloat || BitConverter.DoubleToInt64Bits(value) != BitConverter.DoubleToInt64Bits(last))
                group = Find(row, isFloat ? NumberText.Plain(value) : HistogramText.Format(row.Histograms![step]!));
            last = isFloat ? value : double.NaN;
            SeriesRow counts = _counts[group];
            counts.SetFloat(step, StepBits.Has(counts.Present, step) ? counts.Values[step] + 1 : 1);
        }
    }

    private int Find(SeriesRow row, string value)
    {
        _builder.Reset(row.Labels);
        _builder.Set(_label, System.Text.Encoding.UTF8.GetBytes(value));
        ReadOnlySpan<byte> labels = _groups.Apply(_builder.Pack());
        int number = _index.GetOrAdd(labels);
        if (number == _counts.Count)
        {
            SeriesRow counts = Rows.Rent();
            counts.SetLabels(labels);
            _counts.Add(counts);
        }

        return number;
    }
}
