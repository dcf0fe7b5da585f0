using Forethought.Model;

namespace Forethought.Storage;

/// <summary>The exemplars of one series.</summary>
/// <param name="Labels">The labels of the series.</param>
/// <param name="Exemplars">In order of time, at least one.</param>
public sealed record ExemplarSeries(Labels Labels, IReadOnlyList<Exemplar> Exemplars);
