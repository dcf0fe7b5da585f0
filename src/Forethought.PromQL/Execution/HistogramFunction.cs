using Forethought.Model;
using Forethought.PromQL.Functions;
using Forethought.PromQL.Syntax;

namespace Forethought.PromQL.Execution;

/// <summary>A float out of each histogram, classic or native: <c>histogram_quantile</c>, <c>histogram_fraction</c>, <c>histogram_quantiles</c>. Collects.</summary>
internal sealed class HistogramFunction<TMeasure> : VectorOperator
    where TMeasure : struct, IHistogramMeasure
{
    private readonly VectorOperator _input;
    private readonly Func<IReadOnlyList<HistogramOutput<TMeasure>>> _makeOutputs;
    private readonly Annotator _annotator;
    private readonly PositionRange _position;
    private readonly HistogramCollection _histograms;
    private readonly LabelProjection _dropMetadata = LabelProjection.DroppingMetadata();
    private readonly LabelGuard? _guard;
    private readonly Queue<SeriesRow> _results = new();
    private ClassicBucket[] _buckets = [];
    private readonly LabelsBuilder _builder = new();
    private IReadOnlyList<HistogramOutput<TMeasure>>? _outputs;
    private int _next;

    /// <param name="scope">Where it runs.</param>
    /// <param name="input">The vector.</param>
    /// <param name="scalars">The scalar arguments, for the account.</param>
    /// <param name="makeOutputs">Makes the measures, each of which gives a series for each histogram, once arguments can be evaluated.</param>
    /// <param name="annotator">Where to tell what was met.</param>
    /// <param name="position">The place of the vector.</param>
    public HistogramFunction(
        EvaluationScope scope, VectorOperator input, ScalarOperator[] scalars, Func<IReadOnlyList<HistogramOutput<TMeasure>>> makeOutputs,
        Annotator annotator, PositionRange position)
        : base(scope, [.. scalars, input])
    {
        _input = input;
        _makeOutputs = makeOutputs;
        _annotator = annotator;
        _position = position;
        _histograms = new HistogramCollection(scope.Run.Options.DelayedNameRemoval, annotator, position);
        _guard = scope.Run.Options.DelayedNameRemoval ? null : new LabelGuard(perStep: true);
    }

    protected override SeriesRow? Produce()
    {
        if (_outputs is null)
        {
            _outputs = _makeOutputs();
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
            foreach (HistogramOutput<TMeasure> output in _outputs)
                Compute(_next, output);
            _next++;
        }
    }

    private void Compute(int number, HistogramOutput<TMeasure> output)
    {
        HistogramSeries series = _histograms[number];
        ReadOnlySpan<byte> labels = _histograms.LabelsOf(number);
        SeriesRow? native = series.Natives.Count > 0 ? NewRow(labels, output) : null;
        SeriesRow? classic = series.Buckets.Count > 0 ? NewRow(labels, output) : null;
        string nativeName = native is null ? "" : System.Text.Encoding.UTF8.GetString(PackedLabels.Get(native.Labels, LabelNames.MetricName));
        string classicName = _histograms.NameOf(labels);
        for (int s = 0; s < Grid.Count; s++)
        {
            if (!output.HasStep(s))
                continue;
            FloatHistogram? histogram = HistogramAt(series, s);
            Span<ClassicBucket> buckets = BucketsAt(series, s);
            if (histogram is not null && buckets.Length > 0)
                _annotator.MixedClassicNative(classicName, _position);
            else if (histogram is not null)
                native!.SetFloat(s, output.Measure.OfNative(histogram, s, nativeName));
            else if (buckets.Length > 0)
                classic!.SetFloat(s, output.Measure.OfClassic(buckets, s, Grid.TimeAt(s), classicName));
        }

        if (native is not null)
            _results.Enqueue(native);
        if (classic is not null)
            _results.Enqueue(classic);
    }

    private SeriesRow NewRow(ReadOnlySpan<byte> labels, HistogramOutput<TMeasure> output)
    {
        SeriesRow row = Rows.Rent();
        row.SetLabels(_guard is null ? labels : _dropMetadata.Apply(labels));
        if (output.LabelName is not null)
        {
            _builder.Reset(row.Labels);
            _builder.Set(output.LabelName, System.Text.Encoding.UTF8.GetBytes(output.LabelValue));
            row.SetLabels(_builder.Pack());
        }

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
