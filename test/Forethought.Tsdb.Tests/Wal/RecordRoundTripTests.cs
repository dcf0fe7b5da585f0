using Forethought.Model;
using Forethought.Storage;
using Forethought.Testing;
using Forethought.Tsdb.Wal;
using Xunit;

namespace Forethought.Tsdb.Tests.Wal;

public sealed class RecordRoundTripTests
{
    private readonly RecordBuffer _buffer = new();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Samples_come_out_as_they_went_in(bool withStartTimes)
    {
        var random = new Random(1);
        var decoded = new WalSamples();
        for (int round = 0; round < 300; round++)
        {
            int count = 1 + random.Next(600);
            var series = new SeriesRef[count];
            long[] times = new long[count];
            double[] values = new double[count];
            long[] starts = new long[count];
            int spread = random.Next(1, 64);
            for (int i = 0; i < count; i++)
            {
                series[i] = new SeriesRef((ulong)random.NextInt64() >> (64 - spread));
                times[i] = random.NextInt64(long.MinValue, long.MaxValue) >> (64 - random.Next(1, 64));
                values[i] = BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue));
                starts[i] = random.Next(3) switch { 0 => 0, 1 when i > 0 => starts[i - 1], _ => random.NextInt64() >> random.Next(63) };
            }

            _buffer.Clear();
            decoded.Clear();
            if (withStartTimes)
                SampleRecords.EncodeV2(_buffer, series, times, values, starts);
            else
                SampleRecords.Encode(_buffer, series, times, values);
            SampleRecords.Decode(_buffer[0], decoded);
            Assert.Equal(series, decoded.Series[..decoded.Count]);
            Assert.Equal(times, decoded.TimesMs[..decoded.Count]);
            Assert.Equal(Bits(values), Bits(decoded.Values[..decoded.Count]));
            if (withStartTimes)
                Assert.Equal(starts, decoded.StartTimesMs![..decoded.Count]);
        }
    }

    [Fact]
    public void Decoding_adds_to_what_is_there_and_clears_old_start_timestamps()
    {
        var decoded = new WalSamples();
        SampleRecords.EncodeV2(_buffer, [new SeriesRef(1), new SeriesRef(1)], [1, 2], [1, 2], [7, 8]);
        SampleRecords.Encode(_buffer, [new SeriesRef(2)], [3], [3]);
        SampleRecords.Decode(_buffer[0], decoded);
        decoded.Clear();
        SampleRecords.Decode(_buffer[1], decoded);
        SampleRecords.Decode(_buffer[0], decoded);
        Assert.Equal([3, 1, 2], decoded.TimesMs[..decoded.Count]);
        Assert.Equal([0, 7, 8], decoded.StartTimesMs![..decoded.Count]);
        Assert.Equal(2, decoded.DropBefore(3));
        Assert.Equal((1, 3, 0), (decoded.Count, decoded.TimesMs[0], decoded.StartTimesMs![0]));
        Assert.All(decoded.StartTimesMs, start => Assert.Equal(0, start));
    }

    [Fact]
    public void Label_sets_come_out_as_they_went_in_whatever_their_lengths()
    {
        var random = new Random(2);
        for (int round = 0; round < 200; round++)
        {
            var sets = new List<Labels>();
            _buffer.Clear();
            _buffer.Begin(WalRecordType.Series);
            for (int i = 0; i < 5; i++)
            {
                var builder = new LabelsBuilder();
                for (int label = random.Next(8); label > 0; label--)
                    builder.Set(Text(random, 300), Text(random, random.Next(4) == 0 ? 40_000 : 140));
                sets.Add(builder.ToLabels());
                SeriesRecord.Write(_buffer, new SeriesRef((ulong)i), sets[^1].Packed);
            }

            _buffer.End();
            int index = 0;
            for (var record = new SeriesRecord(_buffer[0]); record.MoveNext(); index++)
            {
                Assert.Equal((ulong)index, record.Series.Value);
                Assert.True(record.PackedLabels.SequenceEqual(sets[index].Packed), $"set {index} of round {round}");
            }

            Assert.Equal(sets.Count, index);
        }
    }

    [Fact]
    public void Lengths_around_the_edges_of_both_encodings_survive()
    {
        foreach (int length in new[] { 1, 127, 128, 254, 255, 256, 16_383, 16_384, 70_000 })
        {
            Labels labels = Labels.FromStrings("a", new string('x', length), "b", "y");
            _buffer.Clear();
            _buffer.Begin(WalRecordType.Series);
            SeriesRecord.Write(_buffer, new SeriesRef(1), labels.Packed);
            _buffer.End();
            var record = new SeriesRecord(_buffer[0]);
            Assert.True(record.MoveNext());
            Assert.Equal(labels.Packed, record.PackedLabels);
        }
    }

    [Fact]
    public void Histograms_come_out_as_they_went_in()
    {
        var random = new Random(3);
        var decoded = new WalHistograms<Histogram>();
        for (int round = 0; round < 200; round++)
        {
            Histogram[] histograms = [.. Enumerable.Range(0, 1 + random.Next(5)).Select(_ => RandomHistogram(random))];
            SeriesRef[] series = [.. histograms.Select(_ => new SeriesRef((ulong)random.Next(1, 1000)))];
            long[] times = [.. histograms.Select(_ => random.NextInt64(1_700_000_000_000))];
            long[] starts = [.. histograms.Select(_ => random.Next(2) == 0 ? 0 : random.NextInt64(1_700_000_000_000))];
            _buffer.Clear();
            decoded.Clear();
            HistogramRecords.EncodeV2(_buffer, series, times, histograms, starts);
            HistogramRecords.Decode(_buffer[0], decoded);
            Assert.Equal(series, decoded.Series[..decoded.Count]);
            Assert.Equal(times, decoded.TimesMs[..decoded.Count]);
            Assert.Equal(starts, decoded.StartTimesMs[..decoded.Count]);
            Assert.Equal(histograms.Select(GoldenJson.Describe), decoded.Histograms[..decoded.Count].Select(GoldenJson.Describe));

            _buffer.Clear();
            decoded.Clear();
            HistogramRecords.Encode(_buffer, series, times, histograms);
            for (int i = 0; i < _buffer.Count; i++)
                HistogramRecords.Decode(_buffer[i], decoded);
            var expected = histograms.OrderBy(histogram => HistogramSchema.IsCustomBuckets(histogram.Schema)).Select(GoldenJson.Describe);
            Assert.Equal(expected, decoded.Histograms[..decoded.Count].Select(GoldenJson.Describe));
        }
    }

    /// <summary>Copies of histograms share spans and bounds with the original, and a record's columns are overwritten by the next record.</summary>
    [Fact]
    public void A_copy_of_a_decoded_histogram_does_not_follow_what_is_decoded_next()
    {
        var random = new Random(4);
        var integers = new WalHistograms<Histogram>();
        var floats = new WalHistograms<FloatHistogram>();
        var integerCopy = new Histogram();
        var floatCopy = new FloatHistogram();
        string integerText = "", floatText = "";
        for (int round = 0; round < 300; round++)
        {
            Histogram integer = RandomHistogram(random);
            var floating = new FloatHistogram();
            integer.CopyTo(floating);
            _buffer.Clear();
            integers.Clear();
            floats.Clear();
            HistogramRecords.Encode(_buffer, [new SeriesRef(1)], [1], [integer]);
            HistogramRecords.Encode(_buffer, [new SeriesRef(1)], [1], [floating]);
            HistogramRecords.Decode(_buffer[0], integers);
            HistogramRecords.Decode(_buffer[1], floats);
            Assert.Equal(GoldenJson.Describe(integer), GoldenJson.Describe(integers.Histograms[0]));
            Assert.Equal(GoldenJson.Describe(floating), GoldenJson.Describe(floats.Histograms[0]));
            Assert.Equal(integerText, round == 0 ? "" : GoldenJson.Describe(integerCopy));
            Assert.Equal(floatText, round == 0 ? "" : GoldenJson.Describe(floatCopy));
            integers.Histograms[0].CopyTo(integerCopy);
            floats.Histograms[0].CopyTo(floatCopy);
            (integerText, floatText) = (GoldenJson.Describe(integerCopy), GoldenJson.Describe(floatCopy));
        }
    }

    /// <summary>A series' layout seldom changes: its arrays are kept.</summary>
    [Fact]
    public void Decoding_histograms_of_one_layout_allocates_nothing_once_warm()
    {
        Histogram[] histograms = [.. Enumerable.Range(0, 100).Select(i => new Histogram
        {
            Schema = i % 2 == 0 ? 3 : HistogramSchema.CustomBuckets,
            Count = 3,
            PositiveSpans = [new HistogramSpan(i, 2)],
            PositiveBuckets = [i, 1],
            CustomValues = i % 2 == 0 ? [] : [0.5],
        })];
        SeriesRef[] series = [.. histograms.Select((_, i) => new SeriesRef((ulong)i))];
        long[] times = new long[histograms.Length];
        var decoded = new WalHistograms<Histogram>();
        HistogramRecords.EncodeV2(_buffer, series, times, histograms, times);
        HistogramRecords.Decode(_buffer[0], decoded);
        Assert.Equal(0, Allocation.Of(() =>
        {
            decoded.Clear();
            HistogramRecords.Decode(_buffer[0], decoded);
        }));
    }

    [Fact]
    public void Dropping_old_histograms_keeps_the_others_whole()
    {
        var rows = new WalHistograms<Histogram>();
        Histogram[] histograms = [.. Enumerable.Range(0, 6).Select(i => new Histogram { Count = (ulong)i })];
        HistogramRecords.Encode(_buffer, [.. histograms.Select(h => new SeriesRef(h.Count))], [5, 1, 6, 2, 7, 3], histograms);
        HistogramRecords.Decode(_buffer[0], rows);
        Assert.Equal(3, rows.DropBefore(5));
        Assert.Equal([0UL, 2UL, 4UL], rows.Histograms[..rows.Count].Select(histogram => histogram.Count));
        Assert.Equal([0UL, 2UL, 4UL], rows.Series[..rows.Count].Select(series => series.Value));
        Assert.Equal(rows.Histograms.Where(h => h is not null).Count(), rows.Histograms.Where(h => h is not null).Distinct().Count());
    }

    [Fact]
    public void A_buffer_keeps_its_records_apart_and_forgets_them_when_cleared()
    {
        SampleRecords.Encode(_buffer, [new SeriesRef(1)], [1], [1]);
        for (int i = 0; i < 20; i++)
        {
            _buffer.Begin((WalRecordType)i);
            _buffer.End();
        }

        Assert.Equal(21, _buffer.Count);
        Assert.Equal(27, _buffer[0].Length);
        for (int i = 0; i < 20; i++)
            Assert.Equal([(byte)i], _buffer[i + 1].ToArray());
        _buffer.Clear();
        Assert.Equal((0, 0), (_buffer.Count, _buffer.Length));
        Assert.Throws<ArgumentOutOfRangeException>(() => _buffer[0].Length);
    }

    [Fact]
    public void Encoding_and_decoding_a_scrape_allocate_nothing_once_warm()
    {
        SeriesRef[] series = [.. Enumerable.Range(0, 1000).Select(i => new SeriesRef((ulong)(70_000 + i)))];
        long[] times = [.. Enumerable.Repeat(1_700_000_000_000, 1000)];
        double[] values = [.. Enumerable.Range(0, 1000).Select(i => i * 0.5)];
        var decoded = new WalSamples();
        void EncodeAndDecode()
        {
            _buffer.Clear();
            decoded.Clear();
            SampleRecords.Encode(_buffer, series, times, values);
            SampleRecords.Decode(_buffer[0], decoded);
        }

        EncodeAndDecode();
        Assert.Equal(0, Allocation.Of(EncodeAndDecode));
    }

    private static long[] Bits(double[] values) => [.. values.Select(BitConverter.DoubleToInt64Bits)];

    private static byte[] Text(Random random, int maxLength)
    {
        byte[] text = new byte[1 + random.Next(maxLength)];
        for (int i = 0; i < text.Length; i++)
            text[i] = (byte)('a' + random.Next(26));
        return text;
    }

    private static Histogram RandomHistogram(Random random)
    {
        bool isCustom = random.Next(4) == 0;
        int positive = random.Next(6);
        int negative = isCustom ? 0 : random.Next(4);
        return new Histogram
        {
            CounterResetHint = (CounterResetHint)random.Next(4),
            Schema = isCustom ? HistogramSchema.CustomBuckets : random.Next(-4, 9),
            ZeroThreshold = random.NextDouble(),
            ZeroCount = (ulong)random.NextInt64() >> random.Next(64),
            Count = (ulong)random.NextInt64(),
            Sum = random.NextDouble() - 0.5,
            PositiveSpans = [.. Enumerable.Range(0, positive).Select(_ => new HistogramSpan(random.Next(-5, 90), 1))],
            PositiveBuckets = [.. Enumerable.Range(0, positive).Select(_ => random.NextInt64(long.MinValue, long.MaxValue))],
            NegativeSpans = negative == 0 ? [] : [new HistogramSpan(0, (uint)negative)],
            NegativeBuckets = [.. Enumerable.Range(0, negative).Select(_ => (long)random.Next(-9, 10))],
            CustomValues = isCustom ? [.. Enumerable.Range(0, random.Next(5)).Select(i => i + random.NextDouble())] : [],
        };
    }
}
