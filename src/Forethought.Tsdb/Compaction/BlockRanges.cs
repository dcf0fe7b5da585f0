namespace Forethought.Tsdb.Compaction;

/// <summary>The lengths of time that blocks grow to, step by step.</summary>
internal static class BlockRanges
{
    private const int Steps = 10;
    private const int Factor = 3;

    /// <summary>The start of the range of some length that a time lies in; ranges begin at multiples of their length, the first one earlier.</summary>
    public static long StartOf(long timeMs, long rangeMs)
    {
        long into = timeMs % rangeMs;
        if (into < 0)
            into += rangeMs;
        return timeMs < long.MinValue + into ? long.MinValue : timeMs - into;
    }

    /// <summary>The end, exclusive, of the range of some length that begins at a time.</summary>
    public static long EndOf(long startMs, long rangeMs) => startMs > long.MaxValue - rangeMs ? long.MaxValue : startMs + rangeMs;

    /// <summary>
    /// The shortest range and its multiples by powers of three, as far as they do not exceed the longest; with the defaults of two
    /// hours and a tenth of 15 days that is 2, 6 and 18 hours.
    /// </summary>
    /// <param name="min">The length of a block written from the head, more than zero.</param>
    /// <param name="max">The length of the longest block; less than <paramref name="min"/> counts as that.</param>
    /// <returns>Milliseconds, ascending, at least one.</returns>
    public static long[] Exponential(TimeSpan min, TimeSpan max)
    {
        long minMs = (long)min.TotalMilliseconds;
        ArgumentOutOfRangeException.ThrowIfLessThan(minMs, 1, nameof(min));
        long maxMs = Math.Max(minMs, (long)max.TotalMilliseconds);
        var ranges = new List<long> { minMs };
        while (ranges.Count < Steps && ranges[^1] <= maxMs / Factor)
            ranges.Add(ranges[^1] * Factor);
        return [.. ranges];
    }
}
