using System.Runtime.ExceptionServices;

namespace Forethought.Storage.Merging;

/// <summary>Disposes several things, all of them even when one fails.</summary>
internal static class Disposal
{
    /// <summary>Disposes everything, then throws what went wrong.</summary>
    /// <exception cref="AggregateException">More than one failed; a single failure comes as it is.</exception>
    public static void All(IEnumerable<IDisposable> disposables)
    {
        List<Exception> failures = [];
        foreach (IDisposable disposable in disposables)
        {
            try
            {
                disposable.Dispose();
            }
            catch (Exception e)
            {
                failures.Add(e);
            }
        }

        if (failures.Count == 1)
            ExceptionDispatchInfo.Throw(failures[0]);
        if (failures.Count > 1)
            throw new AggregateException(failures);
    }
}
