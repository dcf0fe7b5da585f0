namespace Forethought.Client.Tests;

/// <summary>Runs one action on several threads that start together.</summary>
internal static class Threads
{
    public static void Run(int count, Action<int> action)
    {
        using var start = new Barrier(count);
        Exception? failure = null;
        Thread[] threads =
        [
            .. Enumerable.Range(0, count).Select(index => new Thread(() =>
            {
                try
                {
                    start.SignalAndWait();
                    action(index);
                }
                catch (Exception e)
                {
                    failure = e;
                }
            })),
        ];
        foreach (Thread thread in threads)
            thread.Start();
        foreach (Thread thread in threads)
            thread.Join();
        Assert.Null(failure);
    }
}
