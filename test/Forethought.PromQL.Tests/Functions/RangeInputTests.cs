using Forethought.Model;
using Forethought.PromQL.Execution;
using Forethought.PromQL.Functions;

namespace Forethought.PromQL.Tests.Functions;

public sealed class RangeInputTests
{
    private const int Steps = 5000;
    private const int Samples = 3000;

    /// <summary>Fifteen million samples are walked through for one series; a query must not wait for the next one to see that it is over.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_query_that_is_over_ends_in_the_middle_of_a_series(bool timesOut)
    {
        using var over = new CancellationTokenSource();
        RangeInput input = Input(timesOut ? over.Token : default, timesOut ? default : over.Token);
        for (int step = 0; step < 1000; step++)
            Assert.Equal(Samples, input.Floats(step).Length);
        over.Cancel();
        int steps = 0;

        PromQlException exception = Assert.Throws<PromQlException>(() =>
        {
            for (; steps < Steps; steps++)
                input.Floats(steps);
        });

        Assert.Equal(timesOut ? PromQlErrorKind.Timeout : PromQlErrorKind.Canceled, exception.Kind);
        Assert.InRange(steps, 0, 400);
    }

    [Fact]
    public void The_kernels_that_reduce_windows_end_with_the_query()
    {
        using var over = new CancellationTokenSource();
        over.Cancel();
        RangeInput input = Input(over.Token, default);

        Assert.Throws<PromQlException>(() => new ReducingKernel<MaxReducer>().Evaluate(input, new SeriesRow(Steps)));
        Assert.Throws<PromQlException>(() => new SumOverTimeKernel(isMean: false).Evaluate(input, new SeriesRow(Steps)));
        Assert.Throws<PromQlException>(() => new QuantileOverTimeKernel(isDeviation: true).Evaluate(input, new SeriesRow(Steps)));
    }

    private static RangeInput Input(CancellationToken timeout, CancellationToken canceled)
    {
        var grid = new StepGrid(Samples * 1000L, 1, Steps);
        var source = new OneSeries();
        Assert.True(source.MoveNext());
        var windows = new RangeWindows(grid, new SelectorTimes(0, null), Samples * 2000L);
        windows.Slide(source.Columns, 0, 0);
        var annotations = new QueryAnnotations("x");
        var run = new QueryRun(new QueryEngineOptions(), 300_000, annotations, timeout, canceled);
        return new RangeInput(run, source, windows, [], new Annotator(annotations, 0), default, default, []);
    }

    private sealed class OneSeries : SampleSource
    {
        public override ReadOnlySpan<byte> Labels => [];

        public override bool MoveNext()
        {
            var batch = new SampleBatch();
            for (int i = 0; i < Samples; i++)
                batch.Add(i * 1000L, i);
            Columns.Load(batch);
            return true;
        }
    }
}
