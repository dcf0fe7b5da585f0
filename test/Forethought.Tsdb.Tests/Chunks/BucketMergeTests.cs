using Forethought.Model;
using Forethought.Tsdb.Chunks;
using Xunit;

namespace Forethought.Tsdb.Tests.Chunks;

public sealed class BucketMergeTests
{
    [Fact]
    public void The_union_of_two_layouts_is_walked_in_order()
    {
        // The example of upstream's comments: buckets 0 1 4 8 9 13 15 against 0–2 4 6–9 13–15.
        HistogramSpan[] chunk = [new(0, 2), new(2, 1), new(3, 2), new(3, 1), new(1, 1)];
        HistogramSpan[] sample = [new(0, 3), new(1, 1), new(1, 4), new(3, 3)];
        var merge = new BucketMerge();
        merge.Compare(chunk, sample);
        Assert.True(merge.HasNew);
        Assert.False(merge.HasMissing);
        Assert.Equal(sample, merge.Spans);
        Assert.Equal([0, 1, -1, 2, -1, -1, 3, 4, 5, -1, 6], merge.FromChunk.ToArray());
        Assert.Equal(Enumerable.Range(0, 11), merge.FromSample.ToArray());
    }

    [Fact]
    public void Any_two_layouts_merge_as_sets_do()
    {
        var random = new Random(5);
        var merge = new BucketMerge();
        for (int round = 0; round < 2000; round++)
        {
            HistogramSpan[] chunk = Spans(random);
            HistogramSpan[] sample = Spans(random);
            List<int> inChunk = Indices(chunk);
            List<int> inSample = Indices(sample);
            List<int> union = [.. inChunk.Union(inSample).Order()];
            merge.Compare(chunk, sample);
            Assert.Equal(union, Indices([.. merge.Spans]));
            Assert.Equal(union.Select(bucket => inChunk.IndexOf(bucket)), merge.FromChunk.ToArray());
            Assert.Equal(union.Select(bucket => inSample.IndexOf(bucket)), merge.FromSample.ToArray());
            Assert.Equal(inSample.Except(inChunk).Any(), merge.HasNew);
            Assert.Equal(inChunk.Except(inSample).Any(), merge.HasMissing);
            Assert.True(merge.Spans.Skip(1).All(span => span.Offset > 0), "neighbouring spans are one");
        }
    }

    [Fact]
    public void Spans_of_no_buckets_only_move_the_index()
    {
        HistogramSpan[] spans = [new(3, 0), new(2, 2), new(4, 0), new(1, 1)];
        Assert.Equal([5, 6, 12], Indices(spans));
        Assert.Equal(3, HistogramBuckets.CountBuckets(spans));
        var walk = new BucketWalk([]);
        Assert.False(walk.MoveNext());
    }

    [Fact]
    public void Buckets_are_rearranged_by_their_counts()
    {
        var buckets = new HistogramBuckets();
        // Counts 6 3 3 as differences, into the places 1, 2 and 4 of five.
        buckets.Set([new(0, 3)], [6, unchecked((ulong)-3L), 0]);
        buckets.Rearrange<IntegerHistogramNumbers>([new(-1, 5)], [-1, 0, 1, -1, 2]);
        Assert.Equal([0, 6, -3, -3, 3], buckets.Values.ToArray().Select(value => (long)value));
        Assert.Equal([new HistogramSpan(-1, 5)], buckets.Spans.ToArray());

        buckets.Set([new(0, 2)], [Bits(1.5), Bits(2.5)]);
        buckets.Rearrange<FloatHistogramNumbers>([new(0, 3)], [0, -1, 1]);
        Assert.Equal([Bits(1.5), 0, Bits(2.5)], buckets.Values.ToArray());
    }

    private static ulong Bits(double value) => BitConverter.DoubleToUInt64Bits(value);

    private static HistogramSpan[] Spans(Random random) =>
        [.. Enumerable.Range(0, random.Next(5)).Select(i => new HistogramSpan(random.Next(i == 0 ? -6 : 0, 5), (uint)random.Next(4)))];

    private static List<int> Indices(HistogramSpan[] spans)
    {
        var indices = new List<int>();
        for (var walk = new BucketWalk(spans); walk.MoveNext();)
        {
            Assert.Equal(indices.Count, walk.Position);
            indices.Add((int)walk.Index);
        }

        return indices;
    }
}
