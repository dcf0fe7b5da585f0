using Forethought.Encoding;

namespace Forethought.Client.Tests;

public sealed class MetricDescriptorTests
{
    [Fact]
    public void Rejects_an_invalid_metric_name()
    {
        Assert.Equal("\"\" is not a valid metric name", Rejection(() => new MetricDescriptor("", "", MetricType.Gauge)));
        Assert.Equal("\"a\uFFFD\" is not a valid metric name", Rejection(() => new MetricDescriptor("a\uD800", "", MetricType.Gauge)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("__name__")]
    [InlineData("__x")]
    public void Rejects_an_invalid_or_reserved_label_name(string label)
    {
        string expected = $"{GoQuote.Quote(label)} is not a valid label name for metric \"m\"";
        Assert.Equal(expected, Rejection(() => new MetricDescriptor("m", "", MetricType.Gauge, [label])));
        Assert.Equal(expected, Rejection(() => new MetricDescriptor("m", "", MetricType.Gauge, constantLabels: Labels((label, "v")))));
    }

    [Fact]
    public void Rejects_a_label_twice()
    {
        const string Message = "duplicate label names in constant and variable labels for metric \"m\"";
        Assert.Equal(Message, Rejection(() => new MetricDescriptor("m", "", MetricType.Gauge, ["a", "a"])));
        Assert.Equal(Message, Rejection(() => new MetricDescriptor("m", "", MetricType.Gauge, ["a"], Labels(("a", "1")))));
    }

    [Fact]
    public void Rejects_a_constant_value_that_UTF8_cannot_hold() =>
        Assert.Equal(
            "label value \"\uFFFD\" is not valid UTF-8",
            Rejection(() => new MetricDescriptor("m", "", MetricType.Gauge, constantLabels: Labels(("a", "\uD83D")))));

    [Fact]
    public void Accepts_any_UTF8_name()
    {
        var descriptor = new MetricDescriptor("température.max 😱", "", MetricType.Gauge, ["nom du lieu"]);
        Assert.Equal("température.max 😱", descriptor.Name);
        Assert.Equal(["nom du lieu"], descriptor.LabelNames);
    }

    [Fact]
    public void Reads_like_the_descriptors_of_client_golang()
    {
        var descriptor = new MetricDescriptor("m", "a \"b\"\n", MetricType.Gauge, ["y", "x"], Labels(("k2", "v"), ("k1", "\\")), "seconds");
        Assert.Equal(
            """Desc{fqName: "m", help: "a \"b\"\n", unit: "seconds", constLabels: {k1="\\",k2="v"}, variableLabels: {y,x}}""",
            descriptor.ToString());
    }

    private static Dictionary<string, string> Labels(params (string Name, string Value)[] labels) =>
        labels.ToDictionary(label => label.Name, label => label.Value);

    private static string Rejection(Func<object> make) => Assert.Throws<ArgumentException>(make).Message;
}
