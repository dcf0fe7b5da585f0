using Forethought.Encoding;
using Forethought.Model;
using Forethought.PromQL.Syntax;

namespace Forethought.PromQL.Execution;

/// <summary>Puts the buckets of classic histograms together by their labels, and native histograms beside them.</summary>
internal sealed class HistogramCollection(bool delayedNameRemoval, Annotator annotator, PositionRange position)
{
    private readonly LabelProjection _dropBound = LabelProjection.Dropping("le");
    private readonly LabelIndex _index = new();
    private readonly List<HistogramSeries> _series = [];

    public int Count => _series.Count;

    public HistogramSeries this[int number] => _series[number];

    /// <summary>The labels without <c>le</c>, the metric name still among them.</summary>
    public ReadOnlySpan<byte> LabelsOf(int number) => _index[number].Packed;

    /// <summary>The metric name for annotations about buckets: known only while names are kept to the end of the query.</summary>
    public string NameOf(ReadOnlySpan<byte> labels) =>
        delayedNameRemoval ? System.Text.Encoding.UTF8.GetString(PackedLabels.Get(labels, LabelNames.MetricName)) : "";

    /// <summary>Reads the input to its end; rows are kept.</summary>
    public void Collect(VectorOperator input)
    {
        while (input.Next() is { } row)
        {
            if (row.Histograms is not null)
                Find(row.Labels).Natives.Add(row);
            if (HasFloat(row))
                AddBucket(row);
        }

        foreach (HistogramSeries series in _series)
            series.Buckets.Sort(static (left, right) => left.UpperBound.CompareTo(right.UpperBound));
    }

    private void AddBucket(SeriesRow row)
    {
        ReadOnlySpan<byte> bound = PackedLabels.Get(row.Labels, LabelNames.BucketBound);
        if (GoNumber.Parse(bound, out double upperBound) == GoNumberStatus.Ok)
            Find(_dropBound.Apply(row.Labels)).Buckets.Add((upperBound, row));
        else
            annotator.BadBucketLabel(NameOf(row.Labels), bound, position);
    }

    private HistogramSeries Find(ReadOnlySpan<byte> labels)
    {
        int number = _index.GetOrAdd(labels);
        if (number == _series.Count)
            _series.Add(new HistogramSeries());
        return _series[number];
    }

    private static bool HasFloat(SeriesRow row)
    {
        foreach (int step in StepBits.Walk(row.Present))
        {
            if (row.IsFloat(step))
                return true;
        }

        return false;
    }
}
