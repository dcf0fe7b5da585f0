namespace Forethought.Tsdb.Blocks;

/// <summary>Where the references of a postings list are in an index, verified.</summary>
/// <param name="Start">The offset of the first reference in the file.</param>
/// <param name="Count">Their number.</param>
internal readonly record struct PostingsPlace(long Start, int Count);
