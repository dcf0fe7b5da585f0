using System.Runtime.Intrinsics;
using Forethought.Model;
using Forethought.PromQL.Functions;
using Forethought.PromQL.Syntax;

namespace Forethought.PromQL.Execution;

/// <summary>Computes one pair of series at the steps at which both have a sample. The results are overwritten by the next pair.</summary>
internal sealed class JoinArithmetic(int steps, BinaryOperator op, bool returnBool, BinaryNotes notes)
{
    private readonly ulong[] _holds = new ulong[StepBits.Words(SeriesRow.PaddedLength(steps))];
    private FloatHistogram?[]? _histograms;

    /// <summary>Resulting floats.</summary>
    public double[] Values { get; } = new double[SeriesRow.PaddedLength(steps)];

    /// <summary>Resulting histograms, null if there are none.</summary>
    public FloatHistogram?[]? Histograms { get; private set; }

    /// <summary>The steps at which the operator is defined for the pair, whether a comparison holds or not.</summary>
    public ulong[] Matched { get; } = new ulong[StepBits.Words(SeriesRow.PaddedLength(steps))];

    /// <summary>The steps with a result.</summary>
    public ulong[] Kept { get; } = new ulong[StepBits.Words(SeriesRow.PaddedLength(steps))];

    public void Compute(JoinSide left, JoinSide right, ulong[] mask)
    {
        mask.CopyTo(Matched, 0);
        Histograms = null;
        ComputeFloats(left.Values, right.Values);
        for (int word = 0; word < mask.Length; word++)
            Kept[word] = mask[word] & (returnBool ? ulong.MaxValue : _holds[word]);
        if (left.Histograms is not null || right.Histograms is not null)
            ComputeHistograms(left, right, mask);
        else if (op is BinaryOperator.TrimLower or BinaryOperator.TrimUpper)
            RejectFloats(mask);
    }

    private void ComputeFloats(double[] left, double[] right)
    {
        if (!op.IsComparison())
        {
            _holds.AsSpan().Fill(ulong.MaxValue);
            if (BinaryMath.IsArithmetic(op))
                BinaryMath.Compute(op, left, right, Values);
            return;
        }

        BinaryMath.Compare(op, left, right, _holds);
        if (!returnBool)
        {
            left.CopyTo(Values, 0);
            return;
        }

        for (int s = 0; s < Values.Length; s += 8)
            (StepBits.Lanes(_holds, s) & Vector512.Create(1.0)).CopyTo(Values, s);
    }

    private void RejectFloats(ulong[] mask)
    {
        foreach (int step in StepBits.Walk(mask))
            Reject(step, BinaryNote.FloatFloat);
    }

    private void ComputeHistograms(JoinSide left, JoinSide right, ulong[] mask)
    {
        foreach (int step in StepBits.Walk(mask))
        {
            FloatHistogram? leftHistogram = left.Histograms?[step];
            FloatHistogram? rightHistogram = right.Histograms?[step];
            if (leftHistogram is null && rightHistogram is null)
            {
                if (op is BinaryOperator.TrimLower or BinaryOperator.TrimUpper)
                    Reject(step, BinaryNote.FloatFloat);
                continue;
            }

            BinaryNote note = HistogramMath.Compute(
                op, leftHistogram, left.Values[step], rightHistogram, right.Values[step], out FloatHistogram? result, out bool holds);
            if (result is null)
            {
                Reject(step, note);
                continue;
            }

            notes.Note(step, note);
            Keep(step, result, holds);
        }
    }

    private void Keep(int step, FloatHistogram result, bool holds)
    {
        if (returnBool)
        {
            Values[step] = holds ? 1 : 0;
            return;
        }

        if (!holds)
        {
            StepBits.Clear(Kept, step);
            return;
        }

        StepBits.Set(Kept, step);
        if (Histograms is null)
        {
            Histograms = _histograms ??= new FloatHistogram?[Values.Length];
            Histograms.AsSpan().Clear();
        }

        Histograms[step] = result;
    }

    private void Reject(int step, BinaryNote note)
    {
        notes.Note(step, note);
        StepBits.Clear(Matched, step);
        StepBits.Clear(Kept, step);
    }
}
