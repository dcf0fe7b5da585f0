using Forethought.Encoding;
using Forethought.Model;
using Forethought.PromQL.Execution;

namespace Forethought.Web;

/// <summary>
/// Streams query results as JSON. Times of steps repeat for every series, so each is rendered once a query; nothing is
/// allocated per sample.
/// </summary>
internal static class QueryResultWriter
{
    /// <summary>Writes <c>"resultType":…,"result":…</c>.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="result">The result.</param>
    /// <param name="limit">The most series to write, 0 for all.</param>
    /// <param name="cancellationToken">Ends the writing when the client is gone.</param>
    public static async ValueTask WriteAsync(JsonOutput output, QueryResult result, int limit, CancellationToken cancellationToken)
    {
        output.Raw("\"resultType\":\""u8);
        output.Raw(KindName(result.Kind));
        output.Raw("\",\"result\":["u8);
        if (result.Kind is QueryResultKind.Scalar or QueryResultKind.String)
        {
            output.ShortTimestamp(result.StartMs);
            output.Raw(',');
            if (result.Kind == QueryResultKind.Scalar)
                output.FixedValue(result.ScalarValue);
            else
                output.Text(result.StringValue);
            output.Raw(']');
            return;
        }

        var buckets = new List<HistogramBucket>();
        StepTimes? times = result.Kind == QueryResultKind.Matrix && result.Series.Count > 1 ? new StepTimes(result) : null;
        int count = limit > 0 ? Math.Min(limit, result.Series.Count) : result.Series.Count;
        for (int i = 0; i < count; i++)
        {
            if (i > 0)
                output.Raw(',');
            if (result.Kind == QueryResultKind.Vector)
                WriteSample(output, result, result.Series[i], buckets);
            else
                WriteSeries(output, result, result.Series[i], times, buckets);
            await output.FlushIfFullAsync(cancellationToken).ConfigureAwait(false);
        }

        output.Raw(']');
    }

    /// <summary>Writes a label set.</summary>
    public static void WriteLabels(JsonOutput output, ReadOnlySpan<byte> packedLabels)
    {
        output.Raw('{');
        bool first = true;
        foreach (Label label in new LabelEnumerator(packedLabels))
        {
            if (!first)
                output.Raw(',');
            first = false;
            output.Text(label.Name);
            output.Raw(':');
            output.Text(label.Value);
        }

        output.Raw('}');
    }

    private static ReadOnlySpan<byte> KindName(QueryResultKind kind) => kind switch
    {
        QueryResultKind.Scalar => "scalar"u8,
        QueryResultKind.String => "string"u8,
        QueryResultKind.Vector => "vector"u8,
        _ => "matrix"u8,
    };

    private static void WriteSample(JsonOutput output, QueryResult result, ResultSeries series, List<HistogramBucket> buckets)
    {
        output.Raw("{\"metric\":"u8);
        WriteLabels(output, series.Labels.Packed);
        int index = series.NextIndex(-1);
        FloatHistogram? histogram = series.Histograms?[index];
        output.Raw(histogram is null ? ",\"value\":["u8 : ",\"histogram\":["u8);
        output.Timestamp(result.StartMs);
        output.Raw(',');
        if (histogram is null)
            output.Value(series.Values[index]);
        else
            WriteHistogram(output, histogram, buckets);
        output.Raw("]}"u8);
    }

    private static void WriteSeries(
        JsonOutput output, QueryResult result, ResultSeries series, StepTimes? times, List<HistogramBucket> buckets)
    {
        output.Raw("{\"metric\":"u8);
        WriteLabels(output, series.Labels.Packed);
        WritePoints(output, result, series, times, histograms: false, buckets);
        if (series.Histograms is not null)
            WritePoints(output, result, series, times, histograms: true, buckets);
        output.Raw('}');
    }

    private static void WritePoints(
        JsonOutput output, QueryResult result, ResultSeries series, StepTimes? times, bool histograms, List<HistogramBucket> buckets)
    {
        bool any = false;
        for (int i = series.NextIndex(-1); i >= 0; i = series.NextIndex(i))
        {
            FloatHistogram? histogram = series.Histograms?[i];
            if (histogram is not null != histograms)
                continue;
            if (any)
                output.Raw(',');
            else
                output.Raw(histograms ? ",\"histograms\":["u8 : ",\"values\":["u8);
            any = true;
            if (times is not null && series.TimesMs is null)
            {
                output.Raw(times.At(i));
            }
            else
            {
                output.Raw('[');
                output.Timestamp(series.TimesMs is null ? result.TimeAt(i) : series.TimesMs[i]);
                output.Raw(',');
            }

            if (histogram is null)
                output.Value(series.Values[i]);
            else
                WriteHistogram(output, histogram, buckets);
            output.Raw(']');
        }

        if (any)
            output.Raw(']');
    }

    /// <summary>Writes a native histogram; <paramref name="buckets"/> is room that may be used again.</summary>
    public static void WriteHistogram(JsonOutput output, FloatHistogram histogram, List<HistogramBucket> buckets)
    {
        output.Raw("{\"count\":"u8);
        output.Value(histogram.Count);
        output.Raw(",\"sum\":"u8);
        output.Value(histogram.Sum);
        buckets.Clear();
        histogram.CopyBucketsTo(buckets);
        bool any = false;
        foreach (HistogramBucket bucket in buckets)
        {
            if (bucket.Count == 0)
                continue;
            output.Raw(any ? ",["u8 : ",\"buckets\":[["u8);
            any = true;
            output.Raw((char)('0' + BoundaryRule(bucket)));
            output.Raw(',');
            output.Value(bucket.Lower);
            output.Raw(',');
            output.Value(bucket.Upper);
            output.Raw(',');
            output.Value(bucket.Count);
            output.Raw(']');
        }

        if (any)
            output.Raw(']');
        output.Raw('}');
    }

    // 0: only the upper bound belongs to the bucket, 1: only the lower, 2: neither, 3: both.
    private static int BoundaryRule(HistogramBucket bucket) => (bucket.LowerInclusive, bucket.UpperInclusive) switch
    {
        (false, true) => 0,
        (true, false) => 1,
        (false, false) => 2,
        _ => 3,
    };

    /// <summary>The text <c>[time,</c> of each step, one after another in one array.</summary>
    private sealed class StepTimes
    {
        private readonly byte[] _texts;
        private readonly int[] _ends;

        public StepTimes(QueryResult result)
        {
            _texts = new byte[result.StepCount * (GoNumber.MaxLength + 2)];
            _ends = new int[result.StepCount + 1];
            int length = 0;
            for (int step = 0; step < result.StepCount; step++)
            {
                _texts[length++] = (byte)'[';
                length += GoNumber.FormatTimestamp(result.TimeAt(step), _texts.AsSpan(length));
                _texts[length++] = (byte)',';
                _ends[step + 1] = length;
            }
        }

        public ReadOnlySpan<byte> At(int step) => _texts.AsSpan(_ends[step], _ends[step + 1] - _ends[step]);
    }
}
