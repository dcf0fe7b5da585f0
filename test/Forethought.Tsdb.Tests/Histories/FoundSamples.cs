namespace Forethought.Tsdb.Tests.Histories;

/// <summary>What a query found: samples by the jobs of their series.</summary>
internal sealed class FoundSamples : Dictionary<string, List<(long TimeMs, string Text)>>;
