using Forethought.Model;
using Forethought.PromQL.Planning;
using Forethought.PromQL.Syntax;

namespace Forethought.PromQL.Execution;

/// <summary>The end of a plan: runs it and puts its rows together as the query's result.</summary>
internal sealed class ResultAssembly(EvaluationScope scope, PreparedQuery query, TimeProvider time)
{
    /// <exception cref="PromQlException">The query failed.</exception>
    public QueryResult Assemble(QueryPlanner planner)
    {
        Expr expr = StepInvariance.Unwrap(query.Expression);
        switch (expr.Type)
        {
            case ExprType.String:
                return Result(QueryResultKind.String, [], text: ((StringLiteral)expr).Value);
            case ExprType.Scalar:
                return AssembleScalar(planner.PlanScalar(expr, scope));
            case ExprType.Matrix:
                return Result(QueryResultKind.Matrix, Sort(CollectRange(planner, expr)));
            default:
                List<ResultSeries> series = Collect(planner.PlanVector(expr, scope));
                return query.IsInstant ? Result(QueryResultKind.Vector, series) : Result(QueryResultKind.Matrix, Sort(series));
        }
    }

    private QueryResult AssembleScalar(ScalarOperator scalar)
    {
        double[] values = scalar.Evaluate();
        if (query.IsInstant)
            return Result(QueryResultKind.Scalar, [], value: values[0]);
        ulong[] present = new ulong[StepBits.Words(values.Length)];
        StepBits.SetFirst(present, scope.Grid.Count);
        return Result(QueryResultKind.Matrix, [new ResultSeries(Labels.Empty, values, null, present)]);
    }

    private List<ResultSeries> Collect(VectorOperator vector)
    {
        bool delayed = scope.Run.Options.DelayedNameRemoval;
        LabelProjection dropMetadata = LabelProjection.DroppingMetadata();
        var union = new RowUnion(scope.Rows);
        while (vector.Next() is { } row)
        {
            if (delayed && row.DropName)
                row.SetLabels(dropMetadata.Apply(row.Labels));
            union.Add(row);
        }

        return union.Rows.ConvertAll(static row => new ResultSeries(Labels.FromPacked(row.Labels), row.Values, row.Histograms, row.Present));
    }

    private List<ResultSeries> CollectRange(QueryPlanner planner, Expr expr)
    {
        SampleSource source = planner.PlanSource(expr, scope);
        RangeWindows windows = planner.WindowsOf(expr, scope.Grid);
        RangeWidening widening = planner.WideningOf(expr);
        var series = new List<ResultSeries>();
        while (source.MoveNext())
        {
            windows.Slide(source.Columns, widening.LeftMs, widening.RightMs);
            ResultSeries? window = widening == RangeWidening.None
                ? WindowToSeries(source, windows)
                : ExtendedToSeries(source, windows, smoothed: widening.RightMs > 0);
            if (window is { } result)
                series.Add(result);
        }

        scope.Statistics.CountTotal(0, source.InnerSamples);
        return series;
    }

    private static ResultSeries? ExtendedToSeries(SampleSource source, RangeWindows windows, bool smoothed)
    {
        SampleColumns columns = source.Columns;
        if (columns.HistogramCount > 0 && windows.HistogramHigh[0] > windows.HistogramLow[0])
            throw new PromQlException($"{(smoothed ? "smoothed" : "anchored")} modifier is not supported with histograms");
        Range floats = windows.FloatLow[0]..windows.FloatHigh[0];
        (long[] times, double[] values) = ExtendedRange.Of(
            columns.FloatTimes.AsSpan(floats), columns.Floats.AsSpan(floats), windows.StartMs(0), windows.EndMs(0), smoothed);
        return times.Length == 0 ? null : new ResultSeries(Labels.FromPacked(source.Labels), values, null, times, times.Length);
    }

    // The floats and histograms of the only window, merged by time.
    private ResultSeries? WindowToSeries(SampleSource source, RangeWindows windows)
    {
        SampleColumns columns = source.Columns;
        (int f, int floatEnd) = (windows.FloatLow[0], windows.FloatHigh[0]);
        (int h, int histogramEnd) = columns.HistogramCount == 0 ? (0, 0) : (windows.HistogramLow[0], windows.HistogramHigh[0]);
        int count = floatEnd - f + histogramEnd - h;
        if (count == 0)
            return null;
        long[] times = new long[count];
        double[] values = new double[count];
        FloatHistogram?[]? histograms = histogramEnd > h ? new FloatHistogram?[count] : null;
        long weight = floatEnd - f;
        for (int i = 0; i < count; i++)
        {
            if (h == histogramEnd || (f < floatEnd && columns.FloatTimes[f] <= columns.HistogramTimes[h]))
            {
                (times[i], values[i]) = (columns.FloatTimes[f], columns.Floats[f]);
                f++;
                continue;
            }

            times[i] = columns.HistogramTimes[h];
            histograms![i] = columns.Histograms[h++].Clone();
            weight += HistogramWeight.Of(histograms[i]!);
        }

        if (source.ReadsStorage)
        {
            scope.Statistics.CountTotal(0, weight);
            scope.Statistics.CountRead(0, weight);
            scope.Run.Account.Add(weight);
        }

        return new ResultSeries(Labels.FromPacked(source.Labels), values, histograms, times, count);
    }

    private List<ResultSeries> Sort(List<ResultSeries> series)
    {
        long started = time.GetTimestamp();
        series.Sort(static (left, right) => left.Labels.CompareTo(right.Labels));
        scope.Statistics.ResultSortTime = time.GetElapsedTime(started);
        return series;
    }

    private QueryResult Result(QueryResultKind kind, IReadOnlyList<ResultSeries> series, double value = 0, string text = "") =>
        new(kind, scope.Grid, series, scope.Run.Annotations, scope.Statistics) { ScalarValue = value, StringValue = text };
}
