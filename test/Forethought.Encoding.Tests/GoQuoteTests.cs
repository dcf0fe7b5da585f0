using System.Text;

namespace Forethought.Encoding.Tests;

/// <summary>Expected values: Go's <c>strconv.Quote</c>, from its tests (<c>quotetests</c>) and its documentation.</summary>
public sealed class GoQuoteTests
{
    [Theory]
    [InlineData("", "\"\"")]
    [InlineData("plain", "\"plain\"")]
    [InlineData("\a\b\f\r\n\t\v", "\"\\a\\b\\f\\r\\n\\t\\v\"")]
    [InlineData("\\", "\"\\\\\"")]
    [InlineData("\"'`", "\"\\\"'`\"")]
    [InlineData("\0\u001f\u007f", "\"\\x00\\x1f\\x7f\"")]
    [InlineData("\u263a", "\"☺\"")]
    [InlineData("\U0010ffff", "\"\\U0010ffff\"")]
    [InlineData("\u0004", "\"\\x04\"")]
    [InlineData("!\u00a0!\u2000!\u3000!", "\"!\\u00a0!\\u2000!\\u3000!\"")]
    [InlineData("\u0085\u200b\u2028\ue000\ufeff", "\"\\u0085\\u200b\\u2028\\ue000\\ufeff\"")]
    [InlineData("ü😱 é\u0301", "\"ü😱 é\u0301\"")]
    [InlineData("\ufffd", "\"\ufffd\"")]
    public void Escapes_as_go_does(string text, string quoted)
    {
        Assert.Equal(quoted, GoQuote.Quote(text));
        Assert.Equal(quoted, GoQuote.Quote(System.Text.Encoding.UTF8.GetBytes(text)));
    }

    [Theory]
    [InlineData(new byte[] { (byte)'a', 0xFF, (byte)'b' }, "\"a\\xffb\"")]
    [InlineData(new byte[] { 0xC3 }, "\"\\xc3\"")]
    [InlineData(new byte[] { 0xE2, 0x98 }, "\"\\xe2\\x98\"")]
    [InlineData(new byte[] { 0xED, 0xA0, 0x80 }, "\"\\xed\\xa0\\x80\"")]
    [InlineData(new byte[] { 0xC0, 0x80, (byte)'"' }, "\"\\xc0\\x80\\\"\"")]
    public void Shows_bytes_that_are_no_utf8_one_by_one(byte[] utf8, string quoted) => Assert.Equal(quoted, GoQuote.Quote(utf8));

    [Fact]
    public void A_lone_surrogate_shows_as_the_replacement_character() => Assert.Equal("\"\ufffd\"", GoQuote.Quote("\ud800"));

    [Fact]
    public void Text_is_appended_to_what_is_there()
    {
        var text = new StringBuilder("a=");
        GoQuote.Append(text, "b"u8);
        Assert.Equal("a=\"b\"", text.ToString());
    }
}
