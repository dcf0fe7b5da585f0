namespace Forethought.Tsdb.Head;

/// <summary>What goes into a record or a chunk of its own.</summary>
internal enum StagedKind : byte
{
    Histogram,
    CustomBucketHistogram,
    FloatHistogram,
    CustomBucketFloatHistogram,
}
