using Forethought.PromQL.Syntax;
using Forethought.Storage;

namespace Forethought.PromQL.Planning;

/// <summary>A selector of a query and what its storage has to know.</summary>
/// <param name="Selector">The selector.</param>
/// <param name="Hints">The times and more that storage is told.</param>
/// <param name="StatisticsOnly">Whether of native histograms only count and sum are looked at.</param>
internal sealed record SelectorLeaf(VectorSelector Selector, SelectHints Hints, bool StatisticsOnly);
