namespace Forethought.Client.Tests;

public sealed class QuantileSketchTests
{
    [Fact]
    public void Answers_nothing_from_nothing()
    {
        var sketch = new QuantileSketch([new(0.5, 0.1)]);
        Assert.True(double.IsNaN(sketch.Query(0.5)));
        sketch.Insert([]);
        Assert.True(double.IsNaN(sketch.Query(0.5)));
    }

    [Fact]
    public void Starts_again_when_cleared()
    {
        var sketch = new QuantileSketch([new(0.5, 0.1)]);
        sketch.Insert([1, 2, 3]);
        sketch.Clear();
        Assert.True(double.IsNaN(sketch.Query(0.5)));
        sketch.Insert([7]);
        Assert.Equal(7, sketch.Query(0.5));
    }

    [Theory]
    [InlineData(0.5, 0.05)]
    [InlineData(0.9, 0.01)]
    [InlineData(0.99, 0.001)]
    [InlineData(0.01, 0.001)]
    [InlineData(0.3, 0.2)]
    public void Holds_its_error_for_every_size_of_batch(double quantile, double error)
    {
        var random = new Random(31);
        foreach (int batchSize in (int[])[1, 7, 256, 4000])
        {
            var sketch = new QuantileSketch([new(quantile, error)]);
            List<double> all = [];
            while (all.Count < 8000)
            {
                double[] batch = [.. Enumerable.Range(0, batchSize).Select(_ => random.NextDouble() * random.NextDouble()).Order()];
                sketch.Insert(batch);
                all.AddRange(batch);
            }

            all.Sort();
            // The ranks are whole numbers, so one is allowed for rounding on each side.
            int low = Math.Max((int)((quantile - error) * all.Count) - 1, 0);
            int high = Math.Min((int)Math.Ceiling((quantile + error) * all.Count), all.Count - 1);
            Assert.InRange(sketch.Query(quantile), all[low], all[high]);
        }
    }

    [Fact]
    public void Keeps_infinities_in_order()
    {
        var sketch = new QuantileSketch([new(0, 0), new(0.5, 0.1), new(1, 0)]);
        sketch.Insert([double.NegativeInfinity, 1, double.PositiveInfinity]);
        Assert.Equal(double.NegativeInfinity, sketch.Query(0));
        Assert.Equal(double.PositiveInfinity, sketch.Query(1));
    }
}
