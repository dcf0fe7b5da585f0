namespace Forethought.Tsdb;

/// <summary>How far replay is, as <c>/api/v1/status/walreplay</c> shows it.</summary>
/// <param name="Min">The first segment to read.</param>
/// <param name="Max">The last one.</param>
/// <param name="Current">The one being read.</param>
public readonly record struct WalReplayProgress(int Min, int Max, int Current);
