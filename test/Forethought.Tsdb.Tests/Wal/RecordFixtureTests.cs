using Forethought.Model;
using Forethought.Storage;
using Forethought.Tsdb.Wal;
using Xunit;

namespace Forethought.Tsdb.Tests.Wal;

/// <summary>Records written out by hand from the format's description, so that the formats hold without the golden data.</summary>
public sealed class RecordFixtureTests
{
    private readonly RecordBuffer _buffer = new();

    [Fact]
    public void Series_are_a_reference_and_counted_texts()
    {
        _buffer.Begin(WalRecordType.Series);
        SeriesRecord.Write(_buffer, new SeriesRef(0x0102030405060708), Labels.FromStrings("a", "xyz", "bc", "d").Packed);
        _buffer.End();
        string expected = "01" + "0102030405060708" + "02" + "0161" + "0378797A" + "026263" + "0164";
        Assert.Equal(expected, Hex(0));

        var record = new SeriesRecord(_buffer[0]);
        Assert.True(record.MoveNext());
        Assert.Equal(0x0102030405060708UL, record.Series.Value);
        Assert.Equal(Labels.FromStrings("a", "xyz", "bc", "d").Packed, record.PackedLabels);
        Assert.False(record.MoveNext());
    }

    [Fact]
    public void Samples_count_from_the_first()
    {
        SampleRecords.Encode(_buffer, [new SeriesRef(10), new SeriesRef(9), new SeriesRef(300)], [1000, 1001, 872], [1.0, -2.0, 0.5]);
        string expected = "02" + "000000000000000A" + "00000000000003E8"
            + "0000" + "3FF0000000000000"
            + "0102" + "C000000000000000"
            + "C404" + "FF01" + "3FE0000000000000";
        Assert.Equal(expected, Hex(0));
    }

    [Fact]
    public void Samples_with_start_timestamps_have_a_marker_each()
    {
        SampleRecords.EncodeV2(
            _buffer,
            [new SeriesRef(1), new SeriesRef(2), new SeriesRef(4), new SeriesRef(3)],
            [64, 64, 65, 66],
            [1.0, 1.0, 1.0, 1.0],
            [5, 5, 0, 7]);
        string value = "3FF0000000000000";
        string expected = "0B" + "02" + "8001" + "0A" + value // 1, 64, 5 as zigzag varints
            + "02" + "00" + "01" + value // +1, the first time, the same start
            + "04" + "02" + "00" + value // +2, one later, no start
            + "01" + "04" + "0204" + value; // −1, two later, a start two after the first
        Assert.Equal(expected, Hex(0));
    }

    [Fact]
    public void Tombstones_are_ranges()
    {
        _buffer.Begin(WalRecordType.Tombstones);
        TombstoneRecord.Write(_buffer, new SeriesRef(3), -1, 64);
        _buffer.End();
        Assert.Equal("03" + "0000000000000003" + "01" + "8001", Hex(0));
    }

    [Fact]
    public void Exemplars_count_from_the_first_and_carry_labels()
    {
        _buffer.Begin(WalRecordType.Exemplars);
        ExemplarRecord.WriteHead(_buffer, new SeriesRef(3), 100);
        ExemplarRecord.Write(_buffer, (new SeriesRef(3), 100), new SeriesRef(4), 99, 1.0, Labels.FromStrings("t", "1").Packed);
        _buffer.End();
        Assert.Equal("04" + "0000000000000003" + "0000000000000064" + "02" + "01" + "3FF0000000000000" + "01" + "0174" + "0131", Hex(0));
    }

    [Fact]
    public void Markers_are_two_references()
    {
        _buffer.Begin(WalRecordType.MmapMarkers);
        MmapMarkerRecord.Write(_buffer, new SeriesRef(3), 0x0000000200000010);
        _buffer.End();
        Assert.Equal("05" + "0000000000000003" + "0000000200000010", Hex(0));
    }

    [Fact]
    public void Metadata_are_named_texts_of_which_unknown_ones_are_passed_over()
    {
        _buffer.Begin(WalRecordType.Metadata);
        MetadataRecord.Write(_buffer, new SeriesRef(200), 2, "s"u8, "h"u8);
        _buffer.End();
        Assert.Equal("06" + "C801" + "02" + "02" + "04554E4954" + "0173" + "0448454C50" + "0168", Hex(0));

        byte[] record = Convert.FromHexString(
            "06" + "05" + "01" + "03" + "0148" + "0149" + "0448454C50" + "0168" + "0158" + "00" + "06" + "09" + "00");
        var metadata = new MetadataRecord(record);
        Assert.True(metadata.MoveNext());
        Assert.Equal((5UL, 1, "h", ""), (metadata.Series.Value, metadata.MetricType, Text(metadata.Help), Text(metadata.Unit)));
        Assert.True(metadata.MoveNext());
        Assert.Equal((6UL, 9, "", ""), (metadata.Series.Value, metadata.MetricType, Text(metadata.Help), Text(metadata.Unit)));
        Assert.False(metadata.MoveNext());
    }

    [Fact]
    public void Histograms_of_both_kinds_of_buckets_go_into_records_of_their_own()
    {
        var exponential = new Histogram
        {
            CounterResetHint = CounterResetHint.NotCounterReset,
            Schema = -1,
            ZeroThreshold = 0.5,
            ZeroCount = 1,
            Count = 200,
            Sum = 2.0,
            PositiveSpans = [new(-2, 1), new(3, 2)],
            PositiveBuckets = [5, -1, 64],
            NegativeSpans = [new(0, 1)],
            NegativeBuckets = [3],
        };
        var custom = new Histogram { Schema = HistogramSchema.CustomBuckets, CustomValues = [0.25] };
        HistogramRecords.Encode(_buffer, [new SeriesRef(7), new SeriesRef(8)], [10, 11], [custom, exponential]);
        string zeros = "0000000000000000";
        // The first row, though it is in the other record, is what the rows count from.
        Assert.Equal(
            "07" + "0000000000000007" + "000000000000000A" + "02" + "02"
            + "02" + "01" + "3FE0000000000000" + "01" + "C801" + "4000000000000000"
            + "02" + "0301" + "0602" + "01" + "0001" + "03" + "0A" + "01" + "8001" + "01" + "06",
            Hex(0));
        Assert.Equal(
            "09" + "0000000000000007" + "000000000000000A" + "00" + "00"
            + "00" + "69" + zeros + "00" + "00" + zeros + "00" + "00" + "00" + "00" + "01" + "3FD0000000000000",
            Hex(1));
        Assert.Equal(2, _buffer.Count);
    }

    [Fact]
    public void Float_histograms_have_floats_throughout()
    {
        var histogram = new FloatHistogram { Schema = 2, Count = 1.0, PositiveSpans = [new(1, 1)], PositiveBuckets = [1.0] };
        HistogramRecords.Encode(_buffer, [new SeriesRef(7)], [10], new[] { histogram });
        string zeros = "0000000000000000";
        Assert.Equal(
            "08" + "0000000000000007" + "000000000000000A" + "00" + "00" + "00" + "04" + zeros + zeros + "3FF0000000000000" + zeros
            + "01" + "0201" + "00" + "01" + "3FF0000000000000" + "00",
            Hex(0));
    }

    [Fact]
    public void Histograms_of_unknown_schemas_are_skipped_and_too_fine_ones_reduced()
    {
        Histogram Make(int schema) => new()
        {
            Schema = schema,
            Count = 3,
            PositiveSpans = [new(1, 2)],
            PositiveBuckets = [1, 1],
        };
        SeriesRef[] series = [new(1), new(2), new(3), new(4)];
        HistogramRecords.Encode(_buffer, series, [1, 2, 3, 4], [Make(53), Make(9), Make(-9), Make(8)]);
        var rows = new WalHistograms<Histogram>();
        HistogramRecords.Decode(_buffer[0], rows);
        Assert.Equal([2UL, 3UL, 4UL], rows.Series[..rows.Count].Select(series => series.Value));
        Assert.Equal([8, -9, 8], rows.Histograms[..rows.Count].Select(histogram => histogram.Schema));
        // Buckets 1 and 2 of schema 9 are bucket 1 of schema 8.
        Assert.Equal([3], rows.Histograms[0].PositiveBuckets);
        Assert.Equal(1, rows.SkippedSchemas);
    }

    [Theory]
    [InlineData("", "invalid record type")]
    [InlineData("03", "invalid record type")]
    [InlineData("0200000000", "invalid size")]
    [InlineData("02000000000000000100000000000000010000", "invalid size")]
    [InlineData("020000000000000001000000000000000100FFFFFFFFFFFFFFFFFFFF01", "invalid size")]
    public void Damaged_sample_records_are_told(string hex, string message)
    {
        var samples = new WalSamples();
        var e = Assert.Throws<TsdbCorruptionException>(() => SampleRecords.Decode(Convert.FromHexString(hex), samples));
        Assert.Equal(message, e.Message);
        Assert.Equal(0, samples.Count);
    }

    [Fact]
    public void A_count_that_the_record_cannot_hold_is_told_before_anyone_makes_room()
    {
        // Ref, then 2^35 labels in two bytes.
        byte[] series = Convert.FromHexString("01" + "0000000000000001" + "808080808001" + "0000");
        Assert.Throws<TsdbCorruptionException>(() =>
        {
            var record = new SeriesRecord(series);
            record.MoveNext();
        });
        byte[] histogram = Convert.FromHexString(
            "07" + "0000000000000001" + "0000000000000001" + "0000" + "0000" + "0000000000000000"
            + "0000" + "0000000000000000" + "FFFFFFFF0F");
        Assert.Throws<TsdbCorruptionException>(() => HistogramRecords.Decode(histogram, new WalHistograms<Histogram>()));
    }

    private static string Text(ReadOnlySpan<byte> text) => System.Text.Encoding.UTF8.GetString(text);

    private string Hex(int record) => Convert.ToHexString(_buffer[record]);
}
