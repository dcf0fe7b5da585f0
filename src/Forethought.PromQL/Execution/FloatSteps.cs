namespace Forethought.PromQL.Execution;

/// <summary>The steps of rows whose sample is a float, without a copy where a row has no histograms. Not thread-safe.</summary>
internal sealed class FloatSteps(int steps)
{
    private readonly ulong[] _bits = new ulong[StepBits.Words(SeriesRow.PaddedLength(steps))];

    /// <summary>The bits, valid until the next call.</summary>
    public ulong[] Of(SeriesRow row)
    {
        if (row.Histograms is null)
            return row.Present;
        row.Present.CopyTo(_bits, 0);
        foreach (int step in StepBits.Walk(row.Present))
        {
            if (row.Histograms[step] is not null)
                StepBits.Clear(_bits, step);
        }

        return _bits;
    }
}
