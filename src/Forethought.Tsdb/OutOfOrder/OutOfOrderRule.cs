using Forethought.Storage;

namespace Forethought.Tsdb.OutOfOrder;

/// <summary>
/// What a transaction does with samples that cannot be appended in order: decided by the window and by how far the head was when the
/// transaction began, as upstream's <c>memSeries.appendable</c>.
/// </summary>
internal readonly struct OutOfOrderRule
{
    private readonly OutOfOrderState _state;
    private readonly long _presentMs;

    /// <summary>Makes the rule of a transaction.</summary>
    /// <param name="state">The head's samples out of order, with the window.</param>
    /// <param name="presentMs">The newest time that the head has.</param>
    public OutOfOrderRule(OutOfOrderState state, long presentMs)
    {
        _state = state;
        _presentMs = presentMs;
        long windowMs = state.WindowMs;
        IsEnabled = windowMs > 0;
        OldestMs = presentMs < long.MinValue + windowMs ? long.MinValue : presentMs - windowMs;
    }

    /// <summary>Whether any sample may come out of order.</summary>
    public bool IsEnabled { get; }

    /// <summary>The oldest time that may come out of order.</summary>
    public long OldestMs { get; }

    /// <summary>Whether an outcome means that the sample does not fit in order.</summary>
    public static bool Concerns(AppendOutcome outcome) => outcome is AppendOutcome.OutOfOrder or AppendOutcome.OutOfBounds;

    /// <summary>What becomes of a sample that does not fit in order, when it is staged: <see cref="AppendOutcome.Accepted"/> lets it in out of order.</summary>
    /// <param name="inOrder">Why it does not fit: one that <see cref="Concerns"/> tells.</param>
    /// <param name="timeMs">Its time.</param>
    /// <param name="discards">Whether it was asked to be refused (<see cref="AppendBatch.DiscardOutOfOrder"/>).</param>
    public AppendOutcome Judge(AppendOutcome inOrder, long timeMs, bool discards)
    {
        if (!IsEnabled)
        {
            // Upstream does not look further at samples out of bounds.
            if (inOrder == AppendOutcome.OutOfOrder)
                NoteDelta(timeMs);
            return inOrder;
        }

        if (timeMs >= OldestMs && discards)
            return AppendOutcome.OutOfOrder;
        NoteDelta(timeMs);
        return timeMs >= OldestMs ? AppendOutcome.Accepted : AppendOutcome.TooOld;
    }

    /// <summary>The same when it is written, which is not counted again.</summary>
    public AppendOutcome JudgeAgain(AppendOutcome inOrder, long timeMs)
    {
        if (!IsEnabled || !Concerns(inOrder))
            return inOrder;
        return timeMs >= OldestMs ? AppendOutcome.Accepted : AppendOutcome.TooOld;
    }

    private void NoteDelta(long timeMs)
    {
        if (_presentMs > timeMs)
            _state.Delta.Observe((_presentMs - timeMs) / 1000.0);
    }
}
