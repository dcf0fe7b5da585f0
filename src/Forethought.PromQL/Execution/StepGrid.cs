namespace Forethought.PromQL.Execution;

/// <summary>
/// The times an expression is evaluated at: <paramref name="Count"/> steps of <paramref name="StepMs"/> from
/// <paramref name="StartMs"/> on. An instant query is a grid of one step.
/// </summary>
/// <param name="StartMs">The first step, milliseconds since the Unix epoch.</param>
/// <param name="StepMs">The distance of two steps in milliseconds, positive.</param>
/// <param name="Count">The number of steps; may be zero in a subquery.</param>
internal readonly record struct StepGrid(long StartMs, long StepMs, int Count)
{
    /// <summary>The last step; before <see cref="StartMs"/> on an empty grid.</summary>
    public long EndMs => StartMs + ((Count - 1) * StepMs);

    /// <summary>The grid of the first step alone.</summary>
    public StepGrid First => this with { Count = Math.Min(1, Count) };

    /// <summary>The time of a step.</summary>
    public long TimeAt(int step) => StartMs + (step * StepMs);

    /// <summary>The steps from <paramref name="startMs"/> to <paramref name="endMs"/>, both inclusive.</summary>
    /// <param name="startMs">The first step.</param>
    /// <param name="endMs">No step comes after this.</param>
    /// <param name="stepMs">The distance of two steps, positive.</param>
    /// <param name="maxSteps">
    /// The most steps: as many as samples may be held, because each series has one a step. The grid of a subquery comes from the
    /// user (<c>x[100y:1ms]</c>) and columns are as long as it.
    /// </param>
    /// <exception cref="PromQlException">There would be more.</exception>
    public static StepGrid Between(long startMs, long endMs, long stepMs, long maxSteps)
    {
        if (endMs < startMs)
            return new StepGrid(startMs, stepMs, 0);
        long steps = ((endMs - startMs) / stepMs) + 1;
        return steps > Math.Min(maxSteps, Array.MaxLength - 64) ? throw PromQlException.TooManySamples() : new StepGrid(startMs, stepMs, (int)steps);
    }
}
