using Forethought.Model;

namespace Forethought.PromQL.Execution;

/// <summary><c>label_replace</c> and <c>label_join</c>: changes labels and leaves samples alone. Streams.</summary>
internal sealed class LabelRewrite : VectorOperator
{
    private readonly VectorOperator _input;
    private readonly LabelChange _change;
    private readonly bool _setsName;
    private readonly LabelsBuilder _builder = new();
    private readonly LabelGuard _guard = new(perStep: true);

    /// <param name="scope">Where it runs.</param>
    /// <param name="input">The vector.</param>
    /// <param name="change">Changes the labels in the builder; false if they stay.</param>
    /// <param name="setsName">Whether the metric name is the label that is set.</param>
    public LabelRewrite(EvaluationScope scope, VectorOperator input, LabelChange change, bool setsName)
        : base(scope, input)
    {
        _input = input;
        _change = change;
        _setsName = setsName;
    }

    protected override bool IsInPlace => true;

    protected override SeriesRow? Produce()
    {
        if (_input.Next() is not { } row)
            return null;
        _builder.Reset(row.Labels);
        if (_change(_builder))
        {
            row.SetLabels(_builder.Pack());
            row.DropName = row.DropName && !_setsName;
        }

        _guard.Check(row);
        return row;
    }
}
