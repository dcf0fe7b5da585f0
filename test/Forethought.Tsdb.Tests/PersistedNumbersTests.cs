using Forethought.Tsdb.Chunks;
using Forethought.Tsdb.Wal;
using Xunit;

namespace Forethought.Tsdb.Tests;

/// <summary>Numbers that reach the disk: they may only ever grow.</summary>
public sealed class PersistedNumbersTests
{
    [Fact]
    public void Chunk_encodings_keep_their_numbers() => Assert.Equal(
        "None=0 Xor=1 Histogram=2 FloatHistogram=3 Xor2=4 HistogramWithStartTimes=5 FloatHistogramWithStartTimes=6",
        Describe<ChunkEncoding>());

    [Fact]
    public void Record_types_keep_their_numbers() => Assert.Equal(
        "Series=1 Samples=2 Tombstones=3 Exemplars=4 MmapMarkers=5 Metadata=6 HistogramSamples=7 FloatHistogramSamples=8 "
        + "CustomBucketsHistogramSamples=9 CustomBucketsFloatHistogramSamples=10 SamplesV2=11 HistogramSamplesV2=12 "
        + "FloatHistogramSamplesV2=13 Unknown=255",
        Describe<WalRecordType>());

    [Theory]
    [InlineData("", WalRecordType.Unknown)]
    [InlineData("00", WalRecordType.Unknown)]
    [InlineData("0E", WalRecordType.Unknown)]
    [InlineData("FF", WalRecordType.Unknown)]
    [InlineData("0D", WalRecordType.FloatHistogramSamplesV2)]
    public void Types_that_are_not_known_are_told_so(string record, WalRecordType type) =>
        Assert.Equal(type, WalRecord.TypeOf(Convert.FromHexString(record)));

    private static string Describe<T>()
        where T : struct, Enum =>
        string.Join(' ', Enum.GetValues<T>().Select(value => $"{value}={Convert.ToByte(value)}"));
}
