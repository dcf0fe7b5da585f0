using Xunit.Sdk;

namespace Forethought.Testing;

/// <summary>Waits for what another process does: asks again until the answer is right or the deadline passes.</summary>
public static class Eventually
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// Repeats <paramref name="attempt"/> while it fails an assertion, a request or the reading of an answer, and returns what it
    /// returns. Past the deadline (30 s unless told otherwise) its last failure is the test's.
    /// </summary>
    public static async Task<T> Passes<T>(Func<Task<T>> attempt, TimeSpan? within = null)
    {
        long start = TimeProvider.System.GetTimestamp();
        TimeSpan deadline = within ?? TimeSpan.FromSeconds(30);
        using var timer = new PeriodicTimer(Pause, TimeProvider.System);
        while (true)
        {
            try
            {
                return await attempt();
            }
            catch (Exception failure) when (MayPass(failure) && TimeProvider.System.GetElapsedTime(start) < deadline)
            {
                await timer.WaitForNextTickAsync();
            }
        }
    }

    /// <summary>As the other, for an attempt that returns nothing.</summary>
    public static Task Passes(Func<Task> attempt, TimeSpan? within = null) =>
        Passes(
            async () =>
            {
                await attempt();
                return true;
            },
            within);

    private static bool MayPass(Exception failure) =>
        failure is XunitException or HttpRequestException or IOException or TaskCanceledException or System.Text.Json.JsonException;
}
