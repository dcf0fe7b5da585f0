namespace Forethought.Model.Tests;

public sealed class SampleBatchTests
{
    [Fact]
    public void Kinds_tell_floats_histograms_and_stale_markers_apart()
    {
        var batch = new SampleBatch(1);
        batch.Add(1, 2.5);
        Assert.Equal(SampleKind.Float, batch.AllKinds);
        batch.Add(2, StaleMarker.Value);
        FloatHistogram histogram = batch.AddHistogram(3);
        histogram.Clear();
        histogram.Sum = 9;
        batch.CompleteHistogram();
        FloatHistogram stale = batch.AddHistogram(4);
        stale.Clear();
        stale.Sum = StaleMarker.Value;
        batch.CompleteHistogram();
        Assert.Equal(
            [SampleKind.Float, SampleKind.Stale, SampleKind.Histogram, SampleKind.StaleHistogram],
            batch.Kinds.AsSpan(0, batch.Count).ToArray());
        Assert.True(batch.HasHistograms && batch.HasStale);
        Assert.Equal([1L, 2, 3, 4], batch.TimesMs.AsSpan(0, 4).ToArray());
        Assert.Equal(9, batch.Values[2]);
        Assert.True(StaleMarker.IsStale(batch.Values[3]));
        Assert.Null(batch.Histograms![0]);
    }

    [Fact]
    public void What_is_cut_off_leaves_nothing_to_the_samples_that_come_in_its_place()
    {
        var batch = new SampleBatch();
        batch.Add(1, 1);
        batch.AddHistogram(2).Clear();
        batch.CompleteHistogram();
        batch.AddHistogram(3).Clear();
        batch.CompleteHistogram();
        batch.RequireStartTimes()[2] = 77;
        batch.Truncate(2);
        batch.Add(4, 4);
        Assert.Equal([1L, 2, 4], batch.TimesMs[..batch.Count]);
        Assert.Equal([SampleKind.Float, SampleKind.Histogram, SampleKind.Float], batch.Kinds[..batch.Count]);
        Assert.NotNull(batch.Histograms![1]);
        Assert.Null(batch.Histograms[2]);
        Assert.Equal(0, batch.StartTimesMs![2]);
    }

    [Fact]
    public void An_ordinary_nan_is_no_stale_marker()
    {
        var batch = new SampleBatch();
        batch.Add(1, StaleMarker.NormalNaN);
        batch.Add(2, double.NaN);
        Assert.False(batch.HasStale);
    }

    [Fact]
    public void A_cleared_batch_hands_out_its_histograms_again()
    {
        var batch = new SampleBatch();
        FloatHistogram first = batch.AddHistogram(1);
        first.Sum = 1;
        batch.CompleteHistogram();
        batch.Clear();
        Assert.Equal((0, SampleKind.Float), (batch.Count, batch.AllKinds));
        batch.Add(1, 1);
        Assert.Null(batch.Histograms![0]);
        Assert.Same(first, batch.AddHistogram(2));
    }

    [Fact]
    public void Every_column_grows_together()
    {
        var batch = new SampleBatch(1);
        batch.RequireStartTimes()[0] = 5;
        for (int i = 0; i < 1_000; i++)
        {
            if (i % 10 == 3)
            {
                batch.AddHistogram(i).Sum = i;
                batch.CompleteHistogram();
            }
            else
            {
                batch.Add(i, i);
            }
        }

        Assert.Equal(5, batch.StartTimesMs![0]);
        for (int i = 0; i < 1_000; i++)
        {
            Assert.Equal((i, (double)i), (batch.TimesMs[i], batch.Values[i]));
            Assert.Equal(i % 10 == 3, batch.Histograms![i] is not null);
        }
    }

    [Fact]
    public void A_range_of_another_batch_is_copied_with_all_its_columns()
    {
        var source = new SampleBatch(1);
        source.Add(1, 1.5);
        source.Add(2, StaleMarker.Value);
        FloatHistogram histogram = source.AddHistogram(3);
        histogram.Clear();
        histogram.PositiveBuckets = [4];
        histogram.Sum = 9;
        source.CompleteHistogram();
        source.RequireStartTimes()[2] = -3;
        source.Add(4, 4.5);

        var batch = new SampleBatch(1);
        batch.Add(0, 0.5);
        batch.AddRange(source, 2, 2);
        Assert.Equal(SampleKind.Histogram, batch.AllKinds);
        batch.AddRange(source, 0, 2);
        Assert.Equal([0L, 3, 4, 1, 2], batch.TimesMs.AsSpan(0, batch.Count).ToArray());
        Assert.Equal([0.5, 9, 4.5, 1.5], batch.Values.AsSpan(0, 4).ToArray());
        Assert.Equal(
            [SampleKind.Float, SampleKind.Histogram, SampleKind.Float, SampleKind.Float, SampleKind.Stale],
            batch.Kinds.AsSpan(0, batch.Count).ToArray());
        Assert.Equal([0L, -3, 0, 0, 0], batch.StartTimesMs.AsSpan(0, batch.Count).ToArray());
        Assert.Equal(SampleKind.StaleHistogram, batch.AllKinds);

        // The copy stays when the source is used again.
        source.Clear();
        source.AddHistogram(9).Clear();
        Assert.Equal([4], batch.Histograms![1]!.PositiveBuckets);
        Assert.Null(batch.Histograms[2]);
    }
}
