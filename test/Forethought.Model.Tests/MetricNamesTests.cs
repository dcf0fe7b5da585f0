namespace Forethought.Model.Tests;

/// <summary>Expected values: the tables of upstream's <c>common/model</c> tests for label and metric names.</summary>
public sealed class MetricNamesTests
{
    // Name, valid label name under the legacy scheme, valid metric name under it, valid under the UTF-8 scheme.
    [Theory]
    [InlineData("Avalid_23name", true, true, true)]
    [InlineData("_Avalid_23name", true, true, true)]
    [InlineData("1valid_23name", false, false, true)]
    [InlineData("avalid_23name", true, true, true)]
    [InlineData("Ava:lid_23name", false, true, true)]
    [InlineData(":leading_colon", false, true, true)]
    [InlineData("colon:in:the:middle", false, true, true)]
    [InlineData("a lid_23name", false, false, true)]
    [InlineData("a-b", false, false, true)]
    [InlineData("a.b", false, false, true)]
    [InlineData("é", false, false, true)]
    [InlineData("日本", false, false, true)]
    [InlineData("", false, false, false)]
    public void Names_are_valid_by_scheme(string name, bool label, bool metric, bool utf8)
    {
        byte[] bytes = System.Text.Encoding.UTF8.GetBytes(name);
        Assert.Equal(label, MetricNames.IsValidLabelName(bytes, NameValidation.Legacy));
        Assert.Equal(metric, MetricNames.IsValidMetricName(bytes, NameValidation.Legacy));
        Assert.Equal(utf8, MetricNames.IsValidLabelName(bytes, NameValidation.Utf8));
        Assert.Equal(utf8, MetricNames.IsValidMetricName(bytes, NameValidation.Utf8));
    }

    [Theory]
    [InlineData(new byte[] { (byte)'a', 0xC5 })]
    [InlineData(new byte[] { 0xC0, 0x80 })]
    [InlineData(new byte[] { 0xED, 0xA0, 0x80 })]
    [InlineData(new byte[] { 0xF4, 0x90, 0x80, 0x80 })]
    public void Bytes_that_are_no_utf8_are_no_name(byte[] name)
    {
        Assert.False(MetricNames.IsUtf8Name(name));
        Assert.False(MetricNames.IsValidLabelName(name, NameValidation.Legacy));
    }

    [Fact]
    public void Every_byte_is_judged_as_the_patterns_say()
    {
        for (int first = 0; first < 256; first++)
        {
            bool letter = first is >= 'a' and <= 'z' or >= 'A' and <= 'Z' or '_';
            bool digit = first is >= '0' and <= '9';
            Assert.Equal(letter, MetricNames.IsLegacyLabelName([(byte)first]));
            Assert.Equal(letter || digit, MetricNames.IsLegacyLabelName([(byte)'x', (byte)first]));
            Assert.Equal(letter || first == ':', MetricNames.IsLegacyMetricName([(byte)first]));
            Assert.Equal(letter || digit || first == ':', MetricNames.IsLegacyMetricName([(byte)'x', (byte)first]));
        }
    }

    [Fact]
    public void Reserved_names_are_spelt_as_upstream_spells_them()
    {
        string[] names = [.. ((byte[][])[[.. LabelNames.MetricName], [.. LabelNames.MetricType], [.. LabelNames.BucketBound],
            [.. LabelNames.Quantile], [.. LabelNames.Job], [.. LabelNames.Instance]]).Select(System.Text.Encoding.UTF8.GetString)];
        Assert.Equal(["__name__", "__type__", "le", "quantile", "job", "instance"], names);
    }
}
