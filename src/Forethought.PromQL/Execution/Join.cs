using Forethought.PromQL.Functions;
using Forethought.PromQL.Syntax;

namespace Forethought.PromQL.Execution;

/// <summary>
/// A binary operation between two vectors whose series are matched by labels, one to one or many to one. Collects the side
/// with one series and the results; the other side streams.
/// </summary>
/// <remarks>
/// Two rows of one side may have the same signature as long as no step has both: a signature holds a list of rows, and every
/// check is made on the bits of the steps.
/// </remarks>
internal sealed class Join : VectorOperator
{
    private readonly VectorOperator _many;
    private readonly VectorOperator _one;
    private readonly bool _oneIsLeft;
    private readonly double? _fillOne;
    private readonly double? _fillMany;
    private readonly JoinSignatures _signatures;
    private readonly JoinLabels _labels;
    private readonly JoinResults _results;
    private readonly JoinArithmetic _arithmetic;
    private readonly BinaryNotes _notes;
    private readonly ulong[] _mask;
    private readonly ulong[] _rest;
    private int _next = -1;

    public Join(EvaluationScope scope, VectorOperator left, VectorOperator right, BinaryExpr expr, Annotator annotator)
        : base(scope, left, right)
    {
        VectorMatching matching = expr.Matching!;
        _oneIsLeft = matching.Cardinality == VectorMatchCardinality.OneToMany;
        (_many, _one) = _oneIsLeft ? (right, left) : (left, right);

        // As upstream: the modifiers keep their sides when group_right swaps the operands.
        (_fillOne, _fillMany) = (matching.FillRight, matching.FillLeft);
        _signatures = new JoinSignatures(matching, _oneIsLeft);
        _labels = new JoinLabels(
            matching, dropMetadata: BinaryMath.IsArithmetic(expr.Op) || (expr.ReturnBool && !scope.Run.Options.DelayedNameRemoval));
        _results = new JoinResults(Rows, matching.Cardinality == VectorMatchCardinality.OneToOne, expr.ReturnBool);
        _notes = new BinaryNotes(scope.Grid.Count, expr.Op, annotator, expr.PositionRange);
        _arithmetic = new JoinArithmetic(scope.Grid.Count, expr.Op, expr.ReturnBool, _notes);
        int words = StepBits.Words(SeriesRow.PaddedLength(scope.Grid.Count));
        (_mask, _rest) = (new ulong[words], new ulong[words]);
    }

    protected override SeriesRow? Produce()
    {
        if (_next < 0)
        {
            Run();
            _next = 0;
        }

        while (_next < _results.Count)
        {
            SeriesRow row = _results.Take(_next++);
            if (!DropIfEmpty(row))
                return row;
        }

        return null;
    }

    private void Run()
    {
        while (_one.Next() is { } row)
            _signatures.AddOne(row);
        if (_signatures.HasRepetition)
            RunAfterCollecting();
        else
            RunStreaming();
        if (_fillMany is { } fill)
            FillMany(fill);
        _notes.Report();
        foreach (SeriesRow row in _signatures.OneRows)
            Rows.Return(row);
    }

    private void RunStreaming()
    {
        while (_many.Next() is { } row)
        {
            Match(row);
            Rows.Return(row);
        }
    }

    // Several series with one signature are an error, but only at steps at which this side has any series at all.
    private void RunAfterCollecting()
    {
        ulong[] present = new ulong[_mask.Length];
        var rows = new List<SeriesRow>();
        while (_many.Next() is { } row)
        {
            StepBits.Or(present, row.Present);
            rows.Add(row);
        }

        _signatures.ThrowIfAmbiguous(present, _fillOne is not null || _fillMany is not null);
        foreach (SeriesRow row in rows)
        {
            Match(row);
            Rows.Return(row);
        }
    }

    private void Match(SeriesRow row)
    {
        int signature = _signatures.Find(row.Labels, add: _fillOne is not null);
        if (signature < 0)
            return;
        row.Present.CopyTo(_rest, 0);
        foreach (SeriesRow one in _signatures.OnesOf(signature))
        {
            bool any = false;
            for (int word = 0; word < _mask.Length; word++)
            {
                _mask[word] = row.Present[word] & one.Present[word];
                _rest[word] &= ~one.Present[word];
                any |= _mask[word] != 0;
            }

            if (any)
                Combine(signature, new JoinSide(row), new JoinSide(one), row.Labels, one.Labels);
        }

        if (_fillOne is not { } fill || StepBits.IsEmpty(_rest))
            return;
        _rest.CopyTo(_mask, 0);
        Combine(signature, new JoinSide(row), Filled(row, fill), row.Labels, _signatures.LabelsOf(signature));
    }

    private void FillMany(double fill)
    {
        for (int signature = 0; signature < _signatures.Count; signature++)
        {
            foreach (SeriesRow one in _signatures.OnesOf(signature))
            {
                ulong[] matched = _results.MatchedOf(signature);
                for (int word = 0; word < _mask.Length; word++)
                    _mask[word] = one.Present[word] & ~matched[word];
                if (StepBits.IsEmpty(_mask))
                    continue;
                ReadOnlySpan<byte> labels = _signatures.LabelsOf(signature);
                Combine(signature, Filled(one, fill), new JoinSide(one), labels, one.Labels);
            }
        }
    }

    // Sets what the steps in _mask make of a pair of series.
    private void Combine(int signature, JoinSide many, JoinSide one, ReadOnlySpan<byte> manyLabels, ReadOnlySpan<byte> oneLabels)
    {
        if (_oneIsLeft)
            _arithmetic.Compute(one, many, _mask);
        else
            _arithmetic.Compute(many, one, _mask);
        _results.Add(signature, _labels.Combine(manyLabels, oneLabels), _arithmetic);
    }

    private static JoinSide Filled(SeriesRow like, double value)
    {
        double[] values = new double[like.Values.Length];
        values.AsSpan().Fill(value);
        return new JoinSide(values, null);
    }
}
