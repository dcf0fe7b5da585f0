
namespace Forethought.Web.Tests.Json;

public sealed class JsonOutputTests
{
    // Go's encoding with HTML escapes, as its JSON package writes it, and without, as upstream writes labels.
    [Theory]
    [InlineData("plain é 😀", "\"plain é 😀\"", "\"plain é 😀\"")]
    [InlineData("<a>&", "\"\\u003ca\\u003e\\u0026\"", "\"<a>&\"")]
    [InlineData("\"\\\n\r\t", "\"\\\"\\\\\\n\\r\\t\"", "\"\\\"\\\\\\n\\r\\t\"")]
    [InlineData("\b\f\u0000\u001f\u007f", "\"\\u0008\\u000c\\u0000\\u001f\u007f\"", "\"\\u0008\\u000c\\u0000\\u001f\u007f\"")]
    [InlineData("\u2028\u2029", "\"\\u2028\\u2029\"", "\"\u2028\u2029\"")]
    [InlineData("", "\"\"", "\"\"")]
    public void Escapes_as_go_does(string text, string escaped, string label)
    {
        Assert.Equal(escaped, Write(output => output.Text(text)));
        Assert.Equal(label, Write(output => output.Text(System.Text.Encoding.UTF8.GetBytes(text))));
    }

    [Fact]
    public void Replaces_bytes_that_are_no_utf8() =>
        Assert.Equal("\"a\\ufffdb\\ufffd\\ufffd\"", Write(output => output.Text([0x61, 0xff, 0x62, 0xe2, 0x82], escapeHtml: true)));

    // Times and values of upstream's json_codec_test.go.
    [Theory]
    [InlineData(0, "0")]
    [InlineData(1, "0.001")]
    [InlineData(10, "0.010")]
    [InlineData(100, "0.100")]
    [InlineData(1001, "1.001")]
    [InlineData(1010, "1.010")]
    [InlineData(1100, "1.100")]
    [InlineData(12345678123456555, "12345678123456.555")]
    [InlineData(-1, "-0.001")]
    [InlineData(-10000, "-10")]
    public void Writes_times(long milliseconds, string text) => Assert.Equal(text, Write(output => output.Timestamp(milliseconds)));

    [Theory]
    [InlineData(0, "\"0\"")]
    [InlineData(20, "\"20\"")]
    [InlineData(1e20, "\"100000000000000000000\"")]
    [InlineData(1e21, "\"1e+21\"")]
    [InlineData(1e-6, "\"0.000001\"")]
    [InlineData(9.9e-7, "\"9.9e-07\"")]
    [InlineData(double.NaN, "\"NaN\"")]
    [InlineData(double.PositiveInfinity, "\"+Inf\"")]
    [InlineData(double.NegativeInfinity, "\"-Inf\"")]
    [InlineData(-12345.678, "\"-12345.678\"")]
    public void Writes_values(double value, string text) => Assert.Equal(text, Write(output => output.Value(value)));

    [Theory]
    [InlineData(500, "0.5")]
    [InlineData(1000, "1")]
    [InlineData(-1500, "-1.5")]
    public void Writes_times_of_scalars_as_short_as_can_be(long milliseconds, string text) =>
        Assert.Equal(text, Write(output => output.ShortTimestamp(milliseconds)));

    [Fact]
    public async Task Texts_longer_than_the_buffer_arrive_whole()
    {
        var stream = new MemoryStream();
        string text = string.Concat(Enumerable.Repeat("é<\"x", 100_000));
        using (var output = new JsonOutput(stream))
        {
            output.Raw('[');
            output.Text(text);
            await output.FlushIfFullAsync(CancellationToken.None);
            output.Raw(']');
            await output.FlushAsync(CancellationToken.None);
        }

        Assert.Equal([text], System.Text.Json.JsonSerializer.Deserialize<string[]>(stream.ToArray())!);
    }

    [Fact]
    public void Random_texts_come_back_from_another_parser()
    {
        var random = new Random(5);
        for (int i = 0; i < 2_000; i++)
        {
            string text = string.Concat(Enumerable.Range(0, random.Next(20)).Select(_ => char.ConvertFromUtf32(random.Next(4) switch
            {
                0 => random.Next(0x20),
                1 => random.Next(0x80),
                2 => random.Next(0xd800),
                _ => random.Next(0x10000, 0x110000),
            })));
            Assert.Equal(text, System.Text.Json.JsonSerializer.Deserialize<string>(Write(output => output.Text(text))));
            Assert.Equal(text, System.Text.Json.JsonSerializer.Deserialize<string>(Write(output => output.Text(System.Text.Encoding.UTF8.GetBytes(text)))));
        }
    }

    private static string Write(Action<JsonOutput> write)
    {
        var stream = new MemoryStream();
        using var output = new JsonOutput(stream);
        write(output);
        Assert.True(output.FlushAsync(CancellationToken.None).AsTask().IsCompletedSuccessfully);
        return System.Text.Encoding.UTF8.GetString(stream.ToArray());
    }
}
