using System.Globalization;
using Forethought.Configuration.Yaml;
using Forethought.Http;

namespace Forethought.Configuration.Tests;

/// <summary>Types of values, read from and printed to YAML.</summary>
public sealed class YamlTypeTests
{
    // As strconv.FormatFloat(value, 'g', -1, 64), with YAML's names for what is no number: yaml.v2's encode.go.
    [Theory]
    [InlineData(0, "0")]
    [InlineData(1, "1")]
    [InlineData(-1.5, "-1.5")]
    [InlineData(0.0001, "0.0001")]
    [InlineData(0.00001, "1e-05")]
    [InlineData(-0.0000123, "-1.23e-05")]
    [InlineData(100000, "100000")]
    [InlineData(999999.5, "999999.5")]
    [InlineData(1000000, "1e+06")]
    [InlineData(1234567.5, "1.2345675e+06")]
    [InlineData(1e15, "1e+15")]
    [InlineData(1e21, "1e+21")]
    [InlineData(5e-324, "5e-324")]
    [InlineData(1.7976931348623157e308, "1.7976931348623157e+308")]
    [InlineData(double.NaN, ".nan")]
    [InlineData(double.PositiveInfinity, ".inf")]
    [InlineData(double.NegativeInfinity, "-.inf")]
    public void Floats_are_printed_as_go_prints_them(double value, string text) =>
        Assert.Equal(text, ((YamlScalar)new YamlFloat().Write(value)!).Value);

    [Fact]
    public void Floats_that_are_printed_are_read_again()
    {
        var random = new Random(11);
        var type = new YamlFloat();
        for (int i = 0; i < 20_000; i++)
        {
            double value = BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue));
            double again = YamlDecoder.Load(((YamlScalar)type.Write(value)!), type, 0);
            Assert.True(value.Equals(again), value.ToString("R", CultureInfo.InvariantCulture));
        }
    }

    [Theory]
    [InlineData("7", 7)]
    [InlineData("18446744073709551615", 18446744073709551615d)]
    [InlineData("0x10", 16)]
    [InlineData("0.1", 0.1)]
    [InlineData("!!float 3", 3)]
    public void Floats_are_read_from_any_number(string text, double value) => Assert.Equal(value, Read(text, new YamlFloat()));

    [Theory]
    [InlineData("x", "line 1: cannot unmarshal !!str `x` into float64")]
    [InlineData("'1'", "line 1: cannot unmarshal !!str `1` into float64")]
    [InlineData("[1]", "line 1: cannot unmarshal !!seq into float64")]
    [InlineData("{}", "line 1: cannot unmarshal !!map into float64")]
    [InlineData("true", "line 1: cannot unmarshal !!bool `true` into float64")]
    public void Floats_are_read_from_nothing_else(string text, string error) => Assert.Equal(
        "yaml: unmarshal errors:\n  " + error, Assert.Throws<ConfigurationException>(() => Read(text, new YamlFloat())).Message);

    // Go's time.ParseDuration.
    [Theory]
    [InlineData("1h2m3s", "01:02:03")]
    [InlineData("1.5h", "01:30:00")]
    [InlineData("100ms", "00:00:00.1")]
    [InlineData("250us", "00:00:00.00025")]
    [InlineData("250µs", "00:00:00.00025")]
    [InlineData("700ns", "00:00:00.0000007")]
    [InlineData("-5s", "-00:00:05")]
    [InlineData("+5s", "00:00:05")]
    [InlineData(".5s", "00:00:00.5")]
    [InlineData("1000000000", "00:00:01")]
    [InlineData("0", "00:00:00")]
    public void Go_durations_have_units_or_are_nanoseconds(string text, string duration) =>
        Assert.Equal(TimeSpan.Parse(duration, CultureInfo.InvariantCulture), Read(text, new YamlGoDuration()));

    [Theory]
    [InlineData("1d")]
    [InlineData("5")]
    [InlineData("s")]
    [InlineData("1..s")]
    [InlineData("-")]
    [InlineData("1h-2m")]
    [InlineData("99999999999h")]
    public void Go_durations_have_no_other_form(string text) =>
        Assert.Contains("into time.Duration", Assert.Throws<ConfigurationException>(() => Read($"\"{text}\"", new YamlGoDuration())).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("a", "a")]
    [InlineData("true", "true")]
    [InlineData("yes", "true")]
    [InlineData("12", "12")]
    [InlineData("-0x10", "-16")]
    [InlineData("18446744073709551615", "18446744073709551615")]
    [InlineData("0.5", "0.5")]
    [InlineData("1e400", "1e400")]
    [InlineData("'12'", "\"12\"")]
    [InlineData("2001-01-01", "\"2001-01-01\"")]
    [InlineData("[1, [a, ~], {b: c}]", "\n- 1\n- - a\n  - null\n- b: c")]
    [InlineData("{b: 1, a: {c: [d]}}", "\n  a:\n    c:\n    - d\n  b: 1")]
    public void Values_of_any_type_keep_theirs(string text, string printed)
    {
        object? value = Read(text, new YamlAny());
        YamlNode node = new YamlMapping([new(new YamlScalar("x", YamlTags.String, false), new YamlAny().Write(value) ?? YamlTypes.NullNode)]);
        string separator = printed.StartsWith('\n') ? "" : " ";
        Assert.Equal($"x:{separator}{printed}\n", YamlWriter.Print(node));
        Assert.Equal(value, Read(YamlWriter.Print(node), new YamlMap<object?>(new YamlAny()))["x"]);
    }

    // The order of yaml.v2's TestSortedOutput.
    [Fact]
    public void Keys_of_maps_stand_in_go_yamls_order()
    {
        string[] order =
        [
            "", ".1", ".2", ".a", "1", "2", "a!10", "a/0001", "a/002", "a/3", "a/10", "a/11", "a/0012", "a/100", "a~10", "ab/1", "b/1",
            "b/01", "b/2", "b/02", "b/3", "b/03", "b1", "b01", "b3", "c2.10", "c10.2", "d1", "d7", "d7abc", "d12", "d12a",
        ];
        var random = new Random(1);
        for (int i = 0; i < 50; i++)
        {
            string[] shuffled = [.. order];
            random.Shuffle(shuffled);
            Assert.Equal(order, shuffled.Order(YamlKeyOrder.Instance));
        }
    }

    [Fact]
    public void The_order_of_keys_is_one()
    {
        var random = new Random(2);
        string[] keys = [.. Enumerable.Range(0, 300).Select(_ => new string([.. Enumerable.Range(0, random.Next(6)).Select(_ => "01a_é9"[random.Next(6)])]))];
        foreach (string a in keys)
        {
            foreach (string b in keys)
            {
                Assert.Equal(Math.Sign(YamlKeyOrder.Instance.Compare(a, b)), -Math.Sign(YamlKeyOrder.Instance.Compare(b, a)));
                Assert.Equal(a == b, YamlKeyOrder.Instance.Compare(a, b) == 0);
            }
        }
    }

    [Theory]
    [InlineData("{a: 1, a: 2}", "key \"a\" already set in map")]
    [InlineData("{<<: {a: 1}, a: 2}", "key \"a\" already set in map")]
    [InlineData("[a]", "cannot unmarshal !!seq into map[string]interface {}")]
    public void Maps_have_each_key_once(string text, string error) => Assert.Contains(
        error, Assert.Throws<ConfigurationException>(() => Read(text, new YamlMap<object?>(new YamlAny()))).Message, StringComparison.Ordinal);

    [Fact]
    public void Merge_keys_need_maps() => Assert.Equal(
        "yaml: map merge requires map or sequence of maps as the value",
        Assert.Throws<ConfigurationException>(() => Read("{<<: 1}", new YamlMap<object?>(new YamlAny()))).Message);

    [Theory]
    [InlineData("- targets: [a, b]\n  labels: {x: y}\n- targets: [c]\n", 2)]
    [InlineData("", 0)]
    [InlineData("[]", 0)]
    public void Target_groups_are_read(string text, int count) =>
        Assert.Equal(count, TargetGroupDocument.ParseYaml(System.Text.Encoding.UTF8.GetBytes(text)).Count);

    [Theory]
    [InlineData("- ~\n", "nil target group item found")]
    [InlineData("- targets: [a]\n  lables: {}\n", "field lables not found in type")]
    [InlineData("targets: [a]\n", "cannot unmarshal !!map into []*targetgroup.Group")]
    public void Target_groups_are_refused(string text, string error) => Assert.Contains(
        error,
        Assert.Throws<ConfigurationException>(() => TargetGroupDocument.ParseYaml(System.Text.Encoding.UTF8.GetBytes(text))).Message,
        StringComparison.Ordinal);

    private static T Read<T>(string text, YamlType<T> type) => YamlDecoder.Load(System.Text.Encoding.UTF8.GetBytes(text), type, type.Zero);
}
