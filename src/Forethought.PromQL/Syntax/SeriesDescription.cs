using Forethought.Model;

namespace Forethought.PromQL.Syntax;

/// <summary>A series in series notation.</summary>
/// <param name="Labels">Its labels.</param>
/// <param name="Values">Its values, one a step, repetitions expanded.</param>
public sealed record SeriesDescription(Labels Labels, IReadOnlyList<SeriesValue> Values);
