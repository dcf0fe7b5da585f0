namespace Forethought.Tsdb;

/// <summary>Where the head's series come from, for <c>/api/v1/status/tsdb</c>; each list by falling count.</summary>
/// <param name="SeriesByValue">Values of the label asked for (the metric name by default) with the most series.</param>
/// <param name="ValuesByName">Label names with the most values.</param>
/// <param name="BytesByName">Label names that with their values take the most bytes in packed labels, summed over the series.</param>
/// <param name="SeriesByPair">Pairs <c>name=value</c> with the most series.</param>
public sealed record HeadCardinality(
    IReadOnlyList<NamedCount> SeriesByValue,
    IReadOnlyList<NamedCount> ValuesByName,
    IReadOnlyList<NamedCount> BytesByName,
    IReadOnlyList<NamedCount> SeriesByPair);
