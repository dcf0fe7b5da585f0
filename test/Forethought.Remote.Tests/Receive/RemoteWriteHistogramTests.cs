using Forethought.Encoding;
using Forethought.Model;
using Forethought.Storage;

namespace Forethought.Remote.Tests.Receive;

/// <summary>
/// Native histograms in requests. Field numbers: prompb/types.proto. Conversion: prompb/codec.go. Reduction:
/// <c>reduceResolution</c> in model/histogram/generic.go.
/// </summary>
public sealed class RemoteWriteHistogramTests
{
    private const long Now = ReceiverHarness.NowMs;

    private readonly RecordingStorage _storage = new();

    [Fact]
    public async Task Decodes_integer_histograms()
    {
        Histogram histogram = Assert.IsType<Histogram>(await StoreAsync(Integer));

        Assert.Equal(21UL, histogram.Count);
        Assert.Equal(18.4, histogram.Sum);
        Assert.Equal(1, histogram.Schema);
        Assert.Equal(0.001, histogram.ZeroThreshold);
        Assert.Equal(2UL, histogram.ZeroCount);
        Assert.Equal(CounterResetHint.NotCounterReset, histogram.CounterResetHint);
        Assert.Equal([new HistogramSpan(-3, 2), new HistogramSpan(1, 2)], histogram.PositiveSpans);
        Assert.Equal([1, 1, -1, 0], histogram.PositiveBuckets);
        Assert.Equal([new HistogramSpan(0, 1), new HistogramSpan(300, 1)], histogram.NegativeSpans);
        Assert.Equal([7, -70], histogram.NegativeBuckets);
        Assert.Empty(histogram.CustomValues);
        Assert.Equal([$"{{__name__=\"h\"}} histogram@{Now}"], _storage.Rows);
    }

    [Fact]
    public async Task Decodes_float_histograms()
    {
        FloatHistogram histogram = Assert.IsType<FloatHistogram>(await StoreAsync(fields =>
        {
            fields.WriteDouble(2, 21.5);
            fields.WriteDouble(3, 18.4);
            fields.WriteZigZag(4, -2);
            fields.WriteDouble(7, 2.5);
            WriteRequestBuilder.Span(fields, 8, 0, 1);
            fields.WritePackedDoubles(10, [7.25]);
            WriteRequestBuilder.Span(fields, 11, 0, 2);
            fields.WritePackedDoubles(13, [1, 2]);
            fields.WriteVarint(14, 3);
            fields.WriteVarint(15, Now);
        }));

        Assert.Equal(21.5, histogram.Count);
        Assert.Equal(18.4, histogram.Sum);
        Assert.Equal(-2, histogram.Schema);
        Assert.Equal(2.5, histogram.ZeroCount);
        Assert.Equal(CounterResetHint.Gauge, histogram.CounterResetHint);
        Assert.Equal([new HistogramSpan(0, 2)], histogram.PositiveSpans);
        Assert.Equal([1.0, 2.0], histogram.PositiveBuckets);
        Assert.Equal([7.25], histogram.NegativeBuckets);
    }

    [Fact]
    public async Task Decodes_custom_buckets_and_elements_that_are_not_packed()
    {
        Histogram histogram = Assert.IsType<Histogram>(await StoreAsync(fields =>
        {
            fields.WriteVarint(1, 3);
            fields.WriteZigZag(4, -53);
            WriteRequestBuilder.Span(fields, 11, 0, 3);
            fields.WriteZigZag(12, 1);
            WriteRequestBuilder.Deltas(fields, 12, 0);
            fields.WriteZigZag(12, -1);
            fields.WriteDouble(16, 0.5);
            fields.WritePackedDoubles(16, [1, 2]);
            fields.WriteVarint(15, Now);
        }));

        Assert.Equal(-53, histogram.Schema);
        Assert.Equal([1, 0, -1], histogram.PositiveBuckets);
        Assert.Equal([0.5, 1, 2], histogram.CustomValues);
    }

    [Fact]
    public async Task Takes_an_empty_message_for_an_empty_integer_histogram()
    {
        Histogram histogram = Assert.IsType<Histogram>(await StoreAsync(_ => { }));

        Assert.Equal(0UL, histogram.Count);
        Assert.Equal(CounterResetHint.Unknown, histogram.CounterResetHint);
        Assert.Equal(["{__name__=\"h\"} histogram@0"], _storage.Rows);
    }

    [Fact]
    public async Task Lets_the_last_of_two_counts_decide_the_kind()
    {
        Assert.IsType<FloatHistogram>(await StoreAsync(fields =>
        {
            fields.WriteVarint(1, 3);
            fields.WriteDouble(2, 3);
        }));
        Histogram histogram = Assert.IsType<Histogram>(await StoreAsync(fields =>
        {
            fields.WriteDouble(2, 3);
            fields.WriteVarint(1, 4);
            fields.WriteDouble(7, 5);
        }));
        Assert.Equal((4UL, 0UL), (histogram.Count, histogram.ZeroCount));
    }

    [Fact]
    public async Task Keeps_the_bits_of_a_stale_marker()
    {
        Histogram histogram = Assert.IsType<Histogram>(await StoreAsync(fields => fields.WriteFixed64(3, StaleMarker.Bits)));

        Assert.True(histogram.IsStale);
    }

    [Fact]
    public async Task Reduces_reserved_schemas_to_the_finest_one()
    {
        // Schema 9 to 8: buckets 1 and 2 fall into 1, 3 and 4 into 2, 7 into 4. Counts 1, 2, 3 and 5.
        Histogram histogram = Assert.IsType<Histogram>(await StoreAsync(fields =>
        {
            fields.WriteVarint(1, 11);
            fields.WriteZigZag(4, 9);
            WriteRequestBuilder.Span(fields, 11, 1, 3);
            WriteRequestBuilder.Span(fields, 11, 3, 1);
            WriteRequestBuilder.Deltas(fields, 12, 1, 1, 1, 2);
        }));

        Assert.Equal(8, histogram.Schema);
        Assert.Equal([new HistogramSpan(1, 2), new HistogramSpan(1, 1)], histogram.PositiveSpans);
        Assert.Equal([3, 0, 2], histogram.PositiveBuckets);
    }

    [Fact]
    public async Task Reduces_reserved_schemas_of_float_histograms()
    {
        FloatHistogram histogram = Assert.IsType<FloatHistogram>(await StoreAsync(fields =>
        {
            fields.WriteDouble(2, 6.5);
            fields.WriteZigZag(4, 52);
            WriteRequestBuilder.Span(fields, 8, 1, 3);
            fields.WritePackedDoubles(10, [1, 2, 3.5]);
        }));

        Assert.Equal(8, histogram.Schema);
        Assert.Equal([6.5], histogram.NegativeBuckets);
    }

    [Theory]
    [InlineData(
        new[] { 0, 3 }, 2, "have 2 buckets but spans need more: histogram spans specify different number of buckets than provided")]
    [InlineData(
        new[] { 0, 1 }, 2, "spans need 1 buckets, have 2 buckets: histogram spans specify different number of buckets than provided")]
    [InlineData(new[] { 0, 1, -1, 1 }, 2, "span number 2 with offset -1: histogram has a span whose offset is negative")]
    public async Task Refuses_a_reserved_schema_that_cannot_be_reduced(int[] spans, int buckets, string text)
    {
        foreach (bool isFloat in (bool[])[false, true])
        {
            WriteRequestBuilder request = Request(fields =>
            {
                if (isFloat)
                    fields.WriteDouble(2, 1);
                fields.WriteZigZag(4, 10);
                for (int i = 0; i < spans.Length; i += 2)
                    WriteRequestBuilder.Span(fields, 11, spans[i], (uint)spans[i + 1]);
                if (isFloat)
                    fields.WritePackedDoubles(13, new double[buckets]);
                else
                    WriteRequestBuilder.Deltas(fields, 12, new long[buckets]);
            });

            Assert.Equal((400, text), await new ReceiverHarness(_storage).SendAsync(request));
        }

        Assert.Empty(_storage.Rows);
    }

    [Fact]
    public async Task Tells_a_row_refused_before_a_histogram_that_cannot_be_reduced()
    {
        var storage = new RecordingStorage { Outcome = _ => AppendOutcome.TooOld };
        WriteRequestBuilder request = WriteRequestBuilder.Of("__name__=a", (1, 1)).Series(series =>
        {
            WriteRequestBuilder.Labels(series, "__name__=h");
            WriteRequestBuilder.Message(series, 4, fields =>
            {
                fields.WriteZigZag(4, 10);
                WriteRequestBuilder.Deltas(fields, 12, 1);
            });
        });

        Assert.Equal((400, "too old sample"), await new ReceiverHarness(storage).SendAsync(request));
    }

    [Fact]
    public async Task Refuses_histograms_too_far_ahead()
    {
        Assert.Equal(
            (400, "out of bounds: timestamp is too far in the future"),
            await new ReceiverHarness(_storage).SendAsync(Request(fields => fields.WriteVarint(15, Now + 600_001))));
    }

    private static void Integer(ProtobufWriter fields)
    {
        fields.WriteVarint(1, 21);
        fields.WriteDouble(3, 18.4);
        fields.WriteZigZag(4, 1);
        fields.WriteDouble(5, 0.001);
        fields.WriteVarint(6, 2);
        WriteRequestBuilder.Span(fields, 8, 0, 1);
        WriteRequestBuilder.Span(fields, 8, 300, 1);
        WriteRequestBuilder.Deltas(fields, 9, 7, -70);
        WriteRequestBuilder.Span(fields, 11, -3, 2);
        WriteRequestBuilder.Span(fields, 11, 1, 2);
        WriteRequestBuilder.Deltas(fields, 12, 1, 1, -1, 0);
        fields.WriteVarint(14, 2);
        fields.WriteVarint(15, Now);
    }

    private static WriteRequestBuilder Request(Action<ProtobufWriter> histogram) => new WriteRequestBuilder().Series(series =>
    {
        WriteRequestBuilder.Labels(series, "__name__=h");
        WriteRequestBuilder.Message(series, 4, histogram);
    });

    private async Task<object> StoreAsync(Action<ProtobufWriter> histogram)
    {
        Assert.Equal((204, ""), await new ReceiverHarness(_storage).SendAsync(Request(histogram)));
        return _storage.Histograms[^1];
    }
}
