namespace Forethought.Model.Tests;

/// <summary>Expected values follow <c>github.com/alecthomas/units</c>, <c>ParseBase2Bytes</c>.</summary>
public sealed class ByteSizeTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("0B", 0)]
    [InlineData("1B", 1)]
    [InlineData("1KB", 1024)]
    [InlineData("1KiB", 1024)]
    [InlineData("512MB", 512L << 20)]
    [InlineData("1.5GB", 3L << 29)]
    [InlineData("1GB512MB", (1L << 30) + (512L << 20))]
    [InlineData("-1MB", -(1L << 20))]
    [InlineData("+1MB", 1L << 20)]
    [InlineData("2EB", 2L << 60)]
    public void Reads_sizes(string text, long bytes) => Assert.Equal(bytes, ByteSize.Parse(text));

    [Theory]
    [InlineData("100", "units: unknown unit  in 100")]
    [InlineData("1kb", "units: unknown unit kb in 1kb")]
    [InlineData("1ZB", "units: unknown unit ZB in 1ZB")]
    [InlineData("", "units: invalid ")]
    [InlineData("MB", "units: invalid MB")]
    [InlineData(".MB", "units: invalid .MB")]
    [InlineData("1GiB1GB", "units: unknown unit GiB in 1GiB1GB")]
    [InlineData("1.5.5MB", "units: unknown unit  in 1.5.5MB")]
    [InlineData("9EB", "units: overflow parsing unit")]
    public void Refuses_other_text(string text, string error) => Assert.Equal(error, Assert.Throws<FormatException>(() => ByteSize.Parse(text)).Message);

    [Theory]
    [InlineData(0, "0B")]
    [InlineData(1, "1B")]
    [InlineData(1 << 20, "1MiB")]
    [InlineData((1L << 30) + (512L << 20), "1GiB512MiB")]
    public void Prints_sizes(long bytes, string text) => Assert.Equal(text, ByteSize.Format(bytes));
}
