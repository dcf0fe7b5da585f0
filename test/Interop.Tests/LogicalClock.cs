namespace Interop.Tests;

/// <summary>
/// The times of the samples that both servers get: 200 ticks of 15 s, all of them in the past hour, so that no server finds them
/// too old, and independent of when it scrapes.
/// </summary>
internal sealed class LogicalClock
{
    public const int Ticks = 200;
    public const long StepMs = 15_000;

    private readonly long _startMs;

    public LogicalClock()
    {
        long now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        _startMs = (now - (Ticks * StepMs) - 120_000) / 60_000 * 60_000;
    }

    public DateTimeOffset Start => At(0);

    public DateTimeOffset End => At(Ticks - 1);

    public long Ms(int tick) => _startMs + (tick * StepMs);

    public DateTimeOffset At(int tick) => DateTimeOffset.FromUnixTimeMilliseconds(Ms(tick));
}
