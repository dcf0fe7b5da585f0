namespace Forethought.Tsdb.Chunks;

/// <summary>What became of appending a histogram to an open chunk.</summary>
internal enum HistogramAppendOutcome
{
    /// <summary>The sample is in the chunk.</summary>
    Appended,

    /// <summary>The sample is in the chunk, which was written anew with more buckets.</summary>
    Recoded,

    /// <summary>The sample does not fit and nothing has changed: the chunk has to be closed and a new one started.</summary>
    NeedsNewChunk,
}
