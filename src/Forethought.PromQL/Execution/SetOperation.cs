using Forethought.PromQL.Syntax;

namespace Forethought.PromQL.Execution;

/// <summary>
/// <c>and</c>, <c>or</c> and <c>unless</c>. The one side is reduced to a bit for each step and signature, the other streams
/// through it.
/// </summary>
internal sealed class SetOperation : VectorOperator
{
    private readonly VectorOperator _left;
    private readonly VectorOperator _right;
    private readonly BinaryOperator _op;
    private readonly LabelProjection _signature;
    private readonly LabelIndex _signatures = new();
    private readonly List<ulong[]> _present = [];
    private bool _rightRead;
    private bool _leftRead;

    public SetOperation(EvaluationScope scope, VectorOperator left, VectorOperator right, BinaryOperator op, VectorMatching matching)
        : base(scope, left, right)
    {
        _left = left;
        _right = right;
        _op = op;
        _signature = matching.On
            ? LabelProjection.Keeping(matching.MatchingLabels)
            : LabelProjection.Dropping(["__name__", .. matching.MatchingLabels]);
    }

    protected override SeriesRow? Produce() => _op == BinaryOperator.Or ? ProduceUnion() : ProduceFiltered();

    private SeriesRow? ProduceFiltered()
    {
        if (!_rightRead)
        {
            _rightRead = true;
            while (_right.Next() is { } row)
            {
                Note(row);
                Rows.Return(row);
            }
        }

        while (_left.Next() is { } row)
        {
            Filter(row, keepPresent: _op == BinaryOperator.And);
            if (!DropIfEmpty(row))
                return row;
        }

        return null;
    }

    private SeriesRow? ProduceUnion()
    {
        if (!_leftRead)
        {
            if (_left.Next() is { } row)
            {
                Note(row);
                return row;
            }

            _leftRead = true;
        }

        while (_right.Next() is { } row)
        {
            Filter(row, keepPresent: false);
            if (!DropIfEmpty(row))
                return row;
        }

        return null;
    }

    private void Note(SeriesRow row)
    {
        int number = _signatures.GetOrAdd(_signature.Apply(row.Labels));
        if (number == _present.Count)
            _present.Add((ulong[])row.Present.Clone());
        else
            StepBits.Or(_present[number], row.Present);
    }

    private void Filter(SeriesRow row, bool keepPresent)
    {
        int number = _signatures.Find(_signature.Apply(row.Labels));
        if (number < 0)
        {
            if (keepPresent)
                row.Present.AsSpan().Clear();
            return;
        }

        ulong[] present = _present[number];
        for (int word = 0; word < present.Length; word++)
            row.Present[word] &= keepPresent ? present[word] : ~present[word];
    }
}
