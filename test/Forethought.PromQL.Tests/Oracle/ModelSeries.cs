using System.Collections.Immutable;

namespace Forethought.PromQL.Tests.Oracle;

/// <summary>A series; staleness is a value that is null.</summary>
internal sealed record ModelSeries(ImmutableSortedDictionary<string, string> Labels, List<(long TimeMs, double? Value)> Samples);
