namespace Forethought.Tsdb.Tests.Histories;

/// <summary>A sample that a transaction has taken.</summary>
/// <param name="Series">Its series' job.</param>
/// <param name="TimeMs">Its time.</param>
/// <param name="Text">What a query finds.</param>
/// <param name="IsLate">Whether it may be out of order.</param>
/// <param name="MayBeDropped">Whether another one may have been faster.</param>
internal readonly record struct HistoryRow(string Series, long TimeMs, string Text, bool IsLate, bool MayBeDropped);
