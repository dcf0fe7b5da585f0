namespace Forethought.Storage;

/// <summary>Names or values of labels, and what went wrong on the way without spoiling the answer.</summary>
/// <param name="Texts">Sorted, without duplicates.</param>
/// <param name="IsTruncated">Whether the limit cut some off.</param>
/// <param name="Warnings">Texts for the answer's <c>warnings</c>.</param>
public sealed record LabelQueryResult(IReadOnlyList<string> Texts, bool IsTruncated, IReadOnlyList<string> Warnings);
