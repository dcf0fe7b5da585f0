using Forethought.PromQL.Syntax;
using Forethought.Storage;

namespace Forethought.PromQL.Planning;

/// <summary>A selector of a query and what its storage has to know.</summary>
internal sealed record SelectorLeaf(VectorSelector Selector, SelectHints Hints);
