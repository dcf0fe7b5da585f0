namespace Forethought.Model.Tests;

public sealed class ByteSizeTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("1B", 1)]
    [InlineData("1KB", 1024)]
    [InlineData("512MB", 512L << 20)]
    [InlineData("1.5GiB", 3L << 29)]
    [InlineData("1MB512KB", (1L << 20) + (512 << 10))]
    [InlineData("2EB", 2L << 60)]
    public void Units_are_powers_of_two(string text, long bytes) => Assert.Equal(bytes, ByteSize.Parse(text));

    /// <summary>The real server's answers to the same values of <c>--storage.tsdb.retention.size</c>.</summary>
    [Theory]
    [InlineData("10", "units: unknown unit  in 10")]
    [InlineData("1XB", "units: unknown unit XB in 1XB")]
    [InlineData("", "units: invalid ")]
    [InlineData("MB", "units: invalid MB")]
    [InlineData("100EB", "units: overflow parsing unit")]
    [InlineData("1.5.5MB", "units: unknown unit  in 1.5.5MB")]
    [InlineData("1kb", "units: unknown unit kb in 1kb")]
    public void What_is_no_size_is_refused(string text, string message) =>
        Assert.Equal(message, Assert.Throws<FormatException>(() => ByteSize.Parse(text)).Message);
}
