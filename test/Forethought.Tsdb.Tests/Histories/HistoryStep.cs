namespace Forethought.Tsdb.Tests.Histories;

/// <summary>A step of a history. What it does exactly depends on its seed alone, so that others can be left out.</summary>
internal readonly record struct HistoryStep(HistoryStepKind Kind, int Seed);
