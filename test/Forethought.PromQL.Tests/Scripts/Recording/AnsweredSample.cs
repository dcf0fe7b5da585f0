namespace Forethought.PromQL.Tests.Scripts.Recording;

/// <summary>A sample of an answer; the value of a native histogram is empty.</summary>
internal readonly record struct AnsweredSample(long TimeMs, string Value, bool IsHistogram);
