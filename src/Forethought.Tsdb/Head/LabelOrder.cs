namespace Forethought.Tsdb.Head;

/// <summary>Orders slots by the labels of their series.</summary>
internal readonly struct LabelOrder(HeadIndex index) : IComparer<uint>
{
    public int Compare(uint x, uint y) => index.Pairs.Compare(index.Series.Entry(x).PairSpan, index.Series.Entry(y).PairSpan);
}
