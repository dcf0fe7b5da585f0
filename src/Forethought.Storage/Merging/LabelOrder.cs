using Forethought.Model;

namespace Forethought.Storage.Merging;

/// <summary>Orders sets by the labels of the series on which they stand.</summary>
internal readonly struct LabelOrder : IComparer<MergeSource>
{
    public int Compare(MergeSource? x, MergeSource? y) => PackedLabels.Compare(x!.Series.PackedLabels, y!.Series.PackedLabels);
}
