using Forethought.Configuration.Yaml;

namespace Forethought.Configuration.Tests;

/// <summary>Expected types follow the resolver of Go's yaml.v2 and its tests.</summary>
public sealed class YamlScalarTests
{
    [Theory]
    [InlineData("y", true)]
    [InlineData("Yes", true)]
    [InlineData("on", true)]
    [InlineData("TRUE", true)]
    [InlineData("n", false)]
    [InlineData("NO", false)]
    [InlineData("Off", false)]
    [InlineData("False", false)]
    public void Knows_booleans_of_yaml_1_1(string text, bool value)
    {
        ResolvedScalar resolved = Resolve(text);
        Assert.Equal((ScalarKind.Boolean, value), (resolved.Kind, resolved.Boolean));
    }

    [Theory]
    [InlineData("0", 0)]
    [InlineData("+12", 12)]
    [InlineData("-12", -12)]
    [InlineData("1_000", 1000)]
    [InlineData("0x1F", 31)]
    [InlineData("-0x1f", -31)]
    [InlineData("010", 8)]
    [InlineData("0o10", 8)]
    [InlineData("0b101", 5)]
    [InlineData("-9223372036854775808", long.MinValue)]
    [InlineData("9223372036854775807", long.MaxValue)]
    public void Knows_integers(string text, long value)
    {
        ResolvedScalar resolved = Resolve(text);
        Assert.Equal((ScalarKind.Integer, value), (resolved.Kind, resolved.Integer));
    }

    [Fact]
    public void Knows_integers_beyond_63_bits()
    {
        ResolvedScalar resolved = Resolve("18446744073709551615");
        Assert.Equal((ScalarKind.Unsigned, ulong.MaxValue), (resolved.Kind, resolved.Unsigned));
        Assert.Equal(ScalarKind.Float, Resolve("18446744073709551616").Kind);
    }

    [Theory]
    [InlineData("1.5", 1.5)]
    [InlineData(".5", .5)]
    [InlineData("0.5", .5)]
    [InlineData("-0.25", -.25)]
    [InlineData("0.00001", 1e-5)]
    [InlineData("00.7", .7)]
    [InlineData("0e3", 0)]
    [InlineData("09", 9)]
    [InlineData("1.", 1)]
    [InlineData("-1e3", -1000)]
    [InlineData("6.8523015e+5", 685230.15)]
    [InlineData("1e", double.NaN)]
    [InlineData(".", double.NaN)]
    [InlineData("1.2.3", double.NaN)]
    public void Knows_floats(string text, double value)
    {
        ResolvedScalar resolved = Resolve(text);
        Assert.Equal(double.IsNaN(value) ? ScalarKind.String : ScalarKind.Float, resolved.Kind);
        Assert.True(double.IsNaN(value) || resolved.Float == value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("~")]
    [InlineData("null")]
    [InlineData("Null")]
    public void Knows_nulls(string text) => Assert.Equal(ScalarKind.Null, Resolve(text).Kind);

    [Theory]
    [InlineData("2001-12-14", true)]
    [InlineData("2001-12-14T21:59:43.10Z", true)]
    [InlineData("2001-12-14 21:59:43", true)]
    [InlineData("2001-13-14", false)]
    [InlineData("20011-12-14", false)]
    public void Knows_timestamps(string text, bool isTimestamp) => Assert.Equal(isTimestamp, Resolve(text).Kind == ScalarKind.Timestamp);

    [Theory]
    [InlineData("12:30:45")]
    [InlineData("0x")]
    [InlineData("0xg")]
    [InlineData("-")]
    [InlineData("localhost:9090")]
    [InlineData("15s")]
    public void Takes_the_rest_for_text(string text) => Assert.Equal(ScalarKind.String, Resolve(text).Kind);

    [Fact]
    public void Quotes_make_text()
    {
        Assert.Equal(ScalarKind.String, ScalarResolver.Resolve(new YamlScalar("true", "", false)).Kind);
        Assert.Equal(ScalarKind.Boolean, ScalarResolver.Resolve(new YamlScalar("true", "!!bool", false)).Kind);
    }

    [Fact]
    public void Carries_bytes_that_are_not_text_through_strings()
    {
        byte[] bytes = [0x61, 0xFF, 0xC3, 0xA9, 0xC3, 0x28, 0xF0, 0x9F, 0x98, 0x80];
        string text = SurrogateEscape.FromBytes(bytes);
        Assert.True(SurrogateEscape.IsPresent(text));
        Assert.Equal(bytes, SurrogateEscape.ToBytes(text));
        Assert.False(SurrogateEscape.IsPresent("é😀"));
    }

    [Fact]
    public void Nodes_know_where_they_begin()
    {
        var root = Assert.IsType<YamlMapping>(YamlDocument.Parse("a: 1\nb:\n  - x\n  -   y\n"u8));
        var items = Assert.IsType<YamlSequence>(root.Entries[1].Value).Items;
        Assert.Equal((4, 7), (items[1].Line, items[1].Column));
        Assert.Equal((2, 1), (root.Entries[1].Key.Line, root.Entries[1].Key.Column));
    }

    private static ResolvedScalar Resolve(string text) => ScalarResolver.Resolve(new YamlScalar(text, "", true));
}
