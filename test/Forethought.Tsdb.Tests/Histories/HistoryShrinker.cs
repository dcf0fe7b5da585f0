namespace Forethought.Tsdb.Tests.Histories;

/// <summary>Leaves steps out of a history that fails, as long as it still fails.</summary>
internal static class HistoryShrinker
{
    private const int MostRuns = 200;

    /// <summary>The shortest history found, and how it fails.</summary>
    public static async Task<(HistoryPlan Plan, Exception Failure)> ShrinkAsync(HistoryPlan plan, Exception failure)
    {
        int runs = 0;
        for (int size = plan.Steps.Count / 2; size > 0 && runs < MostRuns; size = size > 1 ? size / 2 : 0)
        {
            for (int at = plan.Steps.Count - size; at >= 0 && runs < MostRuns; at -= size)
            {
                HistoryPlan shorter = plan with { Steps = [.. plan.Steps.Where((_, i) => i < at || i >= at + size)] };
                runs++;
                if (await FailureOfAsync(shorter) is { } found && KindOf(found) == KindOf(failure))
                    (plan, failure) = (shorter, found);
            }
        }

        return (plan, failure);
    }

    // The same message but for its numbers.
    private static string KindOf(Exception failure)
    {
        Exception cause = failure.GetBaseException();
        return cause.GetType().Name + string.Concat(cause.Message.Where(letter => !char.IsAsciiDigit(letter)).Take(40).SkipWhile(letter => letter == 'j'));
    }

    private static async Task<Exception?> FailureOfAsync(HistoryPlan plan)
    {
        try
        {
            await new HistoryRunner().RunAsync(plan);
            return null;
        }
        catch (Exception e)
        {
            return e;
        }
    }
}
