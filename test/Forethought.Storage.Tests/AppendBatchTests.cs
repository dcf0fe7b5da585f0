using Forethought.Model;
using Forethought.Testing;

namespace Forethought.Storage.Tests;

public sealed class AppendBatchTests
{
    [Fact]
    public void Rows_keep_their_columns_while_the_batch_grows()
    {
        var batch = new AppendBatch(2);
        var histogram = new Histogram { Count = 3 };
        var floats = new FloatHistogram { Count = 4 };
        for (int i = 0; i < 100; i++)
        {
            if (i == 50)
                batch.Add(new SeriesRef(50), 50, histogram);
            else if (i == 51)
                batch.Add(new SeriesRef(51), 51, floats);
            else
                batch.Add(new SeriesRef((ulong)i), i, i / 2.0);
        }

        batch.RequireStartTimes()[99] = 7;
        Assert.Equal(100, batch.Count);
        for (int i = 0; i < 100; i++)
        {
            Assert.Equal(new SeriesRef((ulong)i), batch.Series[i]);
            Assert.Equal(i, batch.TimesMs[i]);
            Assert.Equal(i switch { 50 => histogram, 51 => floats, _ => null }, batch.Histograms![i]);
            if (i is not (50 or 51))
                Assert.Equal(i / 2.0, batch.Values[i]);
        }

        Assert.True(batch.Outcomes.Length >= 100);
    }

    [Fact]
    public void A_cleared_batch_shows_nothing_of_what_it_held()
    {
        var batch = new AppendBatch(4);
        batch.Add(new SeriesRef(1), 10, new Histogram());
        batch.RequireStartTimes()[0] = 5;
        batch.Exemplars.Add((new SeriesRef(1), new Exemplar(Labels.Empty, 1, 10, true)));
        batch.Errors.Add((0, "wrong"));
        batch.Clear();
        Assert.Equal(0, batch.Count);
        Assert.Empty(batch.Exemplars);
        Assert.Empty(batch.Errors);
        batch.Add(new SeriesRef(2), 20, 1.5);
        Assert.Null(batch.Histograms![0]);
        Assert.Equal(0, batch.StartTimesMs![0]);
    }

    [Fact]
    public void Filling_a_reused_batch_allocates_nothing()
    {
        var batch = new AppendBatch(1_000);
        Fill();
        Assert.Equal(0, Allocation.Of(Fill));

        void Fill()
        {
            batch.Clear();
            for (int i = 0; i < 1_000; i++)
                batch.Add(new SeriesRef((ulong)i), i, i);
        }
    }

    [Fact]
    public void No_series_is_told_from_every_series()
    {
        Assert.True(SeriesRef.None.IsNone);
        Assert.False(new SeriesRef(1).IsNone);
    }
}
