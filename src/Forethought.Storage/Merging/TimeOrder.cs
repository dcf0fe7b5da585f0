namespace Forethought.Storage.Merging;

/// <summary>Orders sets by the time of the sample on which they stand.</summary>
internal readonly struct TimeOrder : IComparer<MergeSource>
{
    public int Compare(MergeSource? x, MergeSource? y) => x!.TimeMs.CompareTo(y!.TimeMs);
}
