using Forethought.Model;
using Forethought.PromQL.Execution;
using Forethought.PromQL.Functions;
using Forethought.PromQL.Syntax;
using Xunit;

namespace Forethought.PromQL.Tests.Execution;

/// <summary>Aggregation over columns against the same aggregation step by step, to the last bit.</summary>
public sealed class AccumulatorTests
{
    private const int Steps = 77;

    [Theory]
    [InlineData(AggregateOperator.Sum)]
    [InlineData(AggregateOperator.Avg)]
    [InlineData(AggregateOperator.Min)]
    [InlineData(AggregateOperator.Max)]
    [InlineData(AggregateOperator.Count)]
    [InlineData(AggregateOperator.Group)]
    [InlineData(AggregateOperator.Stddev)]
    [InlineData(AggregateOperator.Stdvar)]
    public void Columns_give_what_steps_give(AggregateOperator op)
    {
        var random = new Random(4);
        for (int round = 0; round < 60; round++)
        {
            SeriesRow[] rows = [.. Enumerable.Range(0, random.Next(1, 9)).Select(_ => RandomRow(random))];
            Accumulator accumulator = Accumulator.Create(op, Steps, new Annotator(new QueryAnnotations("x"), 0), default);
            foreach (SeriesRow row in rows)
                accumulator.Add(row);
            var result = new SeriesRow(Steps);

            accumulator.Complete(result);

            for (int s = 0; s < Steps; s++)
            {
                double[] values = [.. rows.Where(row => StepBits.Has(row.Present, s)).Select(row => row.Values[s])];
                Assert.Equal(values.Length > 0, StepBits.Has(result.Present, s));
                if (values.Length > 0)
                    AssertSame(Expected(op, values), result.Values[s]);
            }
        }
    }

    private static double Expected(AggregateOperator op, double[] values) => op switch
    {
        AggregateOperator.Sum => Sum(values),
        AggregateOperator.Avg => Mean(values),
        AggregateOperator.Min => values.All(double.IsNaN) ? double.NaN : values.Where(value => !double.IsNaN(value)).Min(),
        AggregateOperator.Max => values.All(double.IsNaN) ? double.NaN : values.Where(value => !double.IsNaN(value)).Max(),
        AggregateOperator.Count => values.Length,
        AggregateOperator.Group => 1,
        AggregateOperator.Stdvar => Variance(values),
        _ => Math.Sqrt(Variance(values)),
    };

    private static double Sum(double[] values)
    {
        double sum = values[0];
        double compensation = 0;
        foreach (double value in values[1..])
            KahanSum.Add(value, ref sum, ref compensation);
        return sum + compensation;
    }

    private static double Mean(double[] values)
    {
        var mean = new RunningMean(values[0]);
        foreach (double value in values[1..])
            mean.Add(value);
        return mean.Result;
    }

    private static double Variance(double[] values)
    {
        double squares = double.IsFinite(values[0]) ? 0 : double.NaN;
        double mean = values[0];
        for (int i = 1; i < values.Length; i++)
        {
            double delta = values[i] - mean;
            mean += delta / (i + 1);
            squares += delta * (values[i] - mean);
        }

        return squares / values.Length;
    }

    private static SeriesRow RandomRow(Random random)
    {
        var row = new SeriesRow(Steps);
        double[] special = [0.0, -0.0, double.NaN, double.PositiveInfinity, double.NegativeInfinity, 1e308, -1e308, 1.7e308, 1e-320, 0.1];
        int density = random.Next(1, 5);
        for (int s = 0; s < Steps; s++)
        {
            // What stands at absent steps must not matter.
            row.Values[s] = random.Next(6) == 0 ? special[random.Next(special.Length)] : (random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-5, 9));
            if (random.Next(density) == 0)
                StepBits.Set(row.Present, s);
        }

        return row;
    }

    private static void AssertSame(double expected, double actual)
    {
        if (double.IsNaN(expected))
            Assert.True(double.IsNaN(actual), $"expected NaN but got {actual}");
        else
            Assert.Equal(BitConverter.DoubleToInt64Bits(expected), BitConverter.DoubleToInt64Bits(actual));
    }
}
