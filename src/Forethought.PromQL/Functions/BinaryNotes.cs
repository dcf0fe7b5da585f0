using Forethought.PromQL.Execution;
using Forethought.PromQL.Syntax;

namespace Forethought.PromQL.Functions;

/// <summary>What a binary operation met at each step. Upstream tells only the last thing of each step, and so do we.</summary>
internal sealed class BinaryNotes(int steps, BinaryOperator op, Annotator annotator, PositionRange position)
{
    private BinaryNote[]? _last;

    public void Note(int step, BinaryNote note)
    {
        if (note != BinaryNote.None)
            (_last ??= new BinaryNote[steps])[step] = note;
    }

    /// <summary>Adds the annotations.</summary>
    public void Report()
    {
        if (_last is null)
            return;
        foreach (BinaryNote note in Enum.GetValues<BinaryNote>())
        {
            if (note != BinaryNote.None && _last.AsSpan().Contains(note))
                Report(note);
        }
    }

    private void Report(BinaryNote note)
    {
        string symbol = op.Symbol();
        string operation = op == BinaryOperator.Sub ? "subtraction" : "addition";
        switch (note)
        {
            case BinaryNote.FloatFloat:
                annotator.IncompatibleTypes("float", symbol, "float", position);
                break;
            case BinaryNote.FloatHistogram:
                annotator.IncompatibleTypes("float", symbol, "histogram", position);
                break;
            case BinaryNote.HistogramFloat:
                annotator.IncompatibleTypes("histogram", symbol, "float", position);
                break;
            case BinaryNote.HistogramHistogram:
                annotator.IncompatibleTypes("histogram", symbol, "histogram", position);
                break;
            case BinaryNote.BoundsReconciled:
                annotator.CustomBucketsReconciled(operation, position);
                break;
            case BinaryNote.CounterResetCollision:
                annotator.CounterResetCollision(operation, position);
                break;
            default:
                annotator.IncompatibleBucketLayout(symbol, position);
                break;
        }
    }
}
