using Forethought.Model;
using Forethought.PromQL.Functions;
using Forethought.PromQL.Syntax;

namespace Forethought.PromQL.Execution;

/// <summary>A float out of each histogram, classic or native: <c>histogram_quantile</c>, <c>histogram_fraction</c>, <c>histogram_quantiles</c>. Collects.</summary>
internal sealed class HistogramFunction<TMeasure> : VectorOperator
    where TMeasure : struct, IHistogramMeasure
{
    private readonly VectorOperator _input;
    private readonly Func<TMeasure> _makeMeasure;
    private readonly Annotator _annotator;
    private readonly PositionRange _position;
    private readonly HistogramCollection _histograms;
    private readonly LabelProjection _dropMetadata = LabelProjection.DroppingMetadata();
    private readonly LabelGuard? _guard;
    private readonly Queue<SeriesRow> _results = new();
    private ClassicBucket[] _buckets = [];
    private bool _collected;
    private int _next;

    /// <param name="scope">Where it runs.</param>
    /// <param name="input">The vector.</param>
    /// <param name="scalars">The scalar arguments, for the account.</param>
    /// <param name="makeMeasure">Makes the measure, after the arguments can be evaluated.</param>
    /// <param name="annotator">Where to tell what was met.</param>
    /// <param name="position">The place of the vector.</param>
    public HistogramFunction(
        EvaluationScope scope, VectorOperator input, ScalarOperator[] scalars, Func<TMeasure> makeMeasure, Annotator annotator, PositionRange position)
        : base(scope, [.. scalars, input])
    {
        _input = input;
        _makeMeasure = makeMeasure;
        _annotator = annotator;
        _position = position;
        _histograms = new HistogramCollection(scope.Run.Options.DelayedNameRemoval, annotator, position);
        _guard = scope.Run.Options.DelayedNameRemoval ? null : new LabelGuard(perStep: true);
    }

    public override OperatorMemory Memory => OperatorMemory.Collects;

    private TMeasure Measure { get; set; }

    protected override SeriesRow? Produce()
    {
        if (!_collected)
        {
            _collected = true;
            Measure = _makeMeasure();
            _histograms.Collect(_input);
        }

        while (true)
        {
            if (_results.TryDequeue(out SeriesRow? row))
            {
                if (DropIfEmpty(row))
                    continue;
                _guard?.Check(row);
                return row;
            }

            if (_next == _histograms.Count)
                return null;
            Compute(_next++);
        }
    }

    private void Compute(int number)
    {
        HistogramSeries series = _histograms[number];
        ReadOnlySpan<byte> labels = _histograms.LabelsOf(number);
        SeriesRow? native = null;
        if (series.Natives.Count > 0)
            native = NewRow(labels);
        SeriesRow? classic = series.Buckets.Count > 0 ? NewRow(labels) : null;
        string nativeName = native is null ? "" : System.Text.Encoding.UTF8.GetString(PackedLabels.Get(native.Labels, LabelNames.MetricName));
        string classicName = _histograms.NameOf(labels);
        for (int s = 0; s < Grid.Count; s++)
        {
            FloatHistogram? histogram = HistogramAt(series, s);
            Span<ClassicBucket> buckets = BucketsAt(series, s);
            if (histogram is not null && buckets.Length > 0)
                _annotator.MixedClassicNative(classicName, _position);
            else if (histogram is not null)
                native!.SetFloat(s, Measure.OfNative(histogram, s, nativeName));
            else if (buckets.Length > 0)
                classic!.SetFloat(s, Measure.OfClassic(buckets, s, Grid.TimeAt(s), classicName));
        }

        if (native is not null)
            _results.Enqueue(native);
        if (classic is not null)
            _results.Enqueue(classic);
    }

    private SeriesRow NewRow(ReadOnlySpan<byte> labels)
    {
        SeriesRow row = Rows.Rent();
        row.SetLabels(_guard is null ? labels : _dropMetadata.Apply(labels));
        row.DropName = true;
        return row;
    }

    private static FloatHistogram? HistogramAt(HistogramSeries series, int step)
    {
        foreach (SeriesRow row in series.Natives)
        {
            if (StepBits.Has(row.Present, step) && row.Histograms![step] is { } histogram)
                return histogram;
        }

        return null;
    }

    private Span<ClassicBucket> BucketsAt(HistogramSeries series, int step)
    {
        if (_buckets.Length < series.Buckets.Count)
            _buckets = new ClassicBucket[series.Buckets.Count];
        int count = 0;
        foreach ((double upperBound, SeriesRow row) in series.Buckets)
        {
            if (StepBits.Has(row.Present, step) && row.IsFloat(step))
                _buckets[count++] = new ClassicBucket(upperBound, row.Values[step]);
        }

        return _buckets.AsSpan(0, count);
    }
}
