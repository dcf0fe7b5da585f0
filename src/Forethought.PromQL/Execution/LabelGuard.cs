using Forethought.Encoding;

namespace Forethought.PromQL.Execution;

/// <summary>
/// Refuses a vector with two series of the same labels, which can come about where labels are dropped or changed. Sets are told
/// apart by their 64-bit hash, as upstream does.
/// </summary>
/// <param name="perStep">
/// True: an error only where two rows have a sample at the same step (upstream's per-step functions). False: two rows with the
/// same labels are an error whatever their steps (functions of range vectors).
/// </param>
internal sealed class LabelGuard(bool perStep)
{
    private readonly Dictionary<ulong, ulong[]?> _seen = [];

    /// <summary>Takes note of a row that is about to be handed out.</summary>
    /// <exception cref="PromQlException">The labels occur twice.</exception>
    public void Check(SeriesRow row)
    {
        ulong hash = XxHash64.Compute(row.Labels);
        if (!_seen.TryGetValue(hash, out ulong[]? steps))
        {
            _seen.Add(hash, perStep ? (ulong[])row.Present.Clone() : null);
            return;
        }

        if (steps is null || StepBits.Overlap(steps, row.Present))
            throw PromQlException.SameLabels();
        StepBits.Or(steps, row.Present);
    }
}
