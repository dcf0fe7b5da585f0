using Forethought.Model;
using Forethought.PromQL.Functions;
using Forethought.PromQL.Syntax;

namespace Forethought.PromQL.Execution;

/// <summary>A binary operation between a vector and a scalar, on either side. Streams.</summary>
internal sealed class VectorScalarBinary : VectorOperator
{
    private readonly VectorOperator _vector;
    private readonly ScalarOperator _scalar;
    private readonly BinaryExpr _expr;
    private readonly bool _scalarIsLeft;
    private readonly BinaryNotes _notes;
    private readonly ulong[] _holds;
    private readonly LabelProjection _dropMetadata = LabelProjection.DroppingMetadata();
    private readonly LabelGuard? _guard;
    private double[] _scalars = [];

    public VectorScalarBinary(EvaluationScope scope, VectorOperator vector, ScalarOperator scalar, BinaryExpr expr, bool scalarIsLeft, Annotator annotator)
        : base(scope, vector, scalar)
    {
        _vector = vector;
        _scalar = scalar;
        _expr = expr;
        _scalarIsLeft = scalarIsLeft;
        _notes = new BinaryNotes(scope.Grid.Count, expr.Op, annotator, expr.PositionRange);
        _holds = new ulong[StepBits.Words(SeriesRow.PaddedLength(scope.Grid.Count))];
        if (DropsName && !scope.Run.Options.DelayedNameRemoval)
            _guard = new LabelGuard(perStep: true);
    }

    private bool DropsName => BinaryMath.IsArithmetic(_expr.Op) || _expr.ReturnBool;

    protected override SeriesRow? Produce()
    {
        if (_scalars.Length == 0)
            _scalars = _scalar.Evaluate();
        while (_vector.Next() is { } row)
        {
            if (row.Histograms is not null)
                ApplyToHistograms(row);
            ApplyToFloats(row);
            if (DropIfEmpty(row))
                continue;
            if (DropsName)
                DropName(row);
            return row;
        }

        _notes.Report();
        return null;
    }

    private void ApplyToFloats(SeriesRow row)
    {
        (double[] left, double[] right) = _scalarIsLeft ? (_scalars, row.Values) : (row.Values, _scalars);
        if (BinaryMath.IsArithmetic(_expr.Op))
        {
            BinaryMath.Compute(_expr.Op, left, right, row.Values);
            return;
        }

        if (!_expr.Op.IsComparison())
        {
            RejectFloats(row);
            return;
        }

        BinaryMath.Compare(_expr.Op, left, right, _holds);
        foreach (int step in StepBits.Walk(row.Present))
        {
            if (!row.IsFloat(step))
                continue;
            bool holds = StepBits.Has(_holds, step);
            if (_expr.ReturnBool)
                row.Values[step] = holds ? 1 : 0;
            else if (!holds)
                row.Remove(step);
        }
    }

    private void RejectFloats(SeriesRow row)
    {
        foreach (int step in StepBits.Walk(row.Present))
        {
            if (!row.IsFloat(step))
                continue;
            _notes.Note(step, BinaryNote.FloatFloat);
            row.Remove(step);
        }
    }

    private void ApplyToHistograms(SeriesRow row)
    {
        foreach (int step in StepBits.Walk(row.Present))
        {
            if (row.Histograms![step] is not { } histogram)
                continue;
            FloatHistogram? left = _scalarIsLeft ? null : histogram;
            FloatHistogram? right = _scalarIsLeft ? histogram : null;
            BinaryNote note = HistogramMath.Compute(_expr.Op, left, _scalars[step], right, _scalars[step], out FloatHistogram? result, out _);
            _notes.Note(step, note);
            if (result is null)
                row.Remove(step);
            else
                row.Histograms[step] = result;
        }
    }

    private void DropName(SeriesRow row)
    {
        row.DropName = true;
        if (_guard is null)
            return;
        row.SetLabels(_dropMetadata.Apply(row.Labels));
        _guard.Check(row);
    }
}
