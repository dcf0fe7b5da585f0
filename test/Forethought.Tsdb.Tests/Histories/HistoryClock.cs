using Forethought.Testing;

namespace Forethought.Tsdb.Tests.Histories;

/// <summary>The time of a history, and a number for each sample.</summary>
internal sealed class HistoryClock
{
    private const long FirstMs = 1_700_000_000_000;

    public long NowMs { get; private set; } = FirstMs;

    public int Number { get; private set; }

    public FakeTimeProvider Provider { get; } = new(DateTimeOffset.FromUnixTimeMilliseconds(FirstMs));

    public HistoryClock Copy()
    {
        var copy = new HistoryClock { Number = Number };
        copy.Advance(NowMs - FirstMs);
        return copy;
    }

    public void Advance(long milliseconds)
    {
        NowMs += milliseconds;
        Provider.Advance(TimeSpan.FromMilliseconds(milliseconds));
    }

    /// <summary>A number that no sample has.</summary>
    public int NextNumber() => ++Number;
}
