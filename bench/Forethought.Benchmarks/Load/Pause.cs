namespace Forethought.Benchmarks.Load;

/// <summary>
/// One time that all threads of a process stood still: when, for how long, how much of it went by until the last of them stood, and why.
/// </summary>
internal readonly record struct Pause(double AtMs, double DurationMs, double StoppingMs, string Cause);
