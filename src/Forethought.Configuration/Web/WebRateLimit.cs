namespace Forethought.Configuration;

/// <summary><c>rate_limit</c>: a bucket that gains a token each interval.</summary>
/// <param name="Interval">How long a token takes; zero for no limit.</param>
/// <param name="Burst">How many tokens the bucket holds.</param>
public sealed record WebRateLimit(TimeSpan Interval, long Burst)
{
    internal static WebRateLimit Zero { get; } = new(TimeSpan.Zero, 0);
}
