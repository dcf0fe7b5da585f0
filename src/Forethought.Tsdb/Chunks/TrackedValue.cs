namespace Forethought.Tsdb.Chunks;

/// <summary>
/// A number of a histogram and what coding its successor needs beside it: for integers <see cref="Value"/> is the number (two's
/// complement) and <see cref="Trend"/> its last change; for floats the bits and the XOR window (<see cref="XorWindow"/>).
/// </summary>
internal struct TrackedValue(ulong value, long trend)
{
    public ulong Value = value;
    public long Trend = trend;
}
