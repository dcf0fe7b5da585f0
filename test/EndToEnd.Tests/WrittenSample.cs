namespace EndToEnd.Tests;

/// <summary>A sample to be written remotely: labels in order of their names, <c>__name__</c> among them.</summary>
internal sealed record WrittenSample(long TimestampMs, double Value, params (string Name, string Value)[] Labels);
