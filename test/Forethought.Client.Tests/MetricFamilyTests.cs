using Forethought.Testing;

namespace Forethought.Client.Tests;

public sealed class MetricFamilyTests
{
    private readonly MetricRegistry _registry = new();
    private readonly CounterFamily _requests;

    public MetricFamilyTests() => _requests = _registry.CreateCounterFamily("http_requests_total", "Requests.", ["method", "code"]);

    [Fact]
    public void Gives_the_same_child_for_the_same_values()
    {
        Counter child = _requests.WithLabels("get", "200");
        Assert.Same(child, _requests.WithLabels("get", "200"));
        Assert.NotSame(child, _requests.WithLabels("200", "get"));
        Assert.Equal(2, _requests.Count);
    }

    [Fact]
    public void Exposes_labels_by_name_and_children_by_value()
    {
        _requests.WithLabels("put", "500").Inc();
        _requests.WithLabels("get", "500").Add(2);
        _requests.WithLabels("get", "200").Add(3);
        Assert.Equal(
            """
            # HELP http_requests_total Requests.
            # TYPE http_requests_total counter
            http_requests_total{code="200",method="get"} 3
            http_requests_total{code="500",method="get"} 2
            http_requests_total{code="500",method="put"} 1

            """,
            _registry.ToText());
    }

    [Fact]
    public void Shows_a_child_made_between_two_scrapes()
    {
        _requests.WithLabels("get", "200");
        Assert.DoesNotContain("post", _registry.ToText(), StringComparison.Ordinal);
        _requests.WithLabels("post", "200");
        Assert.Contains("http_requests_total{code=\"200\",method=\"post\"} 0\n", _registry.ToText(), StringComparison.Ordinal);
    }

    [Fact]
    public void Exposes_nothing_without_children() => Assert.Equal("", _registry.ToText());

    [Fact]
    public void Forgets_a_removed_child()
    {
        Counter removed = _requests.WithLabels("get", "200");
        removed.Inc();
        Assert.True(_requests.Remove("get", "200"));
        Assert.False(_requests.Remove("get", "200"));
        Assert.Equal("", _registry.ToText());

        Counter successor = _requests.WithLabels("get", "200");
        removed.Inc();
        Assert.Equal(0, successor.Value);
    }

    [Fact]
    public void Removes_all_children_of_one_label_value()
    {
        foreach (string code in (string[])["200", "404", "500"])
        {
            _requests.WithLabels("get", code);
            _requests.WithLabels("put", code);
        }

        Assert.Equal(3, _requests.RemoveMatching("method", "get"));
        Assert.Equal(0, _requests.RemoveMatching("method", "get"));
        Assert.Equal(3, _requests.Count);
        Assert.DoesNotContain("get", _registry.ToText().Replace("# HELP", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => _requests.RemoveMatching("path", "/"));
        _requests.Clear();
        Assert.Equal("", _registry.ToText());
    }

    [Fact]
    public void Rejects_the_wrong_number_of_values()
    {
        Assert.Equal(
            "inconsistent label cardinality: expected 2 label values but got 1 in []string{\"get\"}",
            Assert.Throws<ArgumentException>(() => _requests.WithLabels("get")).Message);
        Assert.Equal(
            "inconsistent label cardinality: expected 2 label values but got 3 in []string{\"a\", \"b\\\"\", \"c\\n\"}",
            Assert.Throws<ArgumentException>(() => _requests.WithLabels("a", "b\"", "c\n")).Message);
        Assert.False(_requests.Remove("get"));
    }

    [Fact]
    public void Rejects_values_that_UTF8_cannot_hold()
    {
        Assert.Throws<ArgumentException>(() => _requests.WithLabels("get", "\uDC00"));
        Assert.Throws<ArgumentException>(() => _requests.WithLabels("a\uD83D", "200"));
        Assert.Throws<ArgumentNullException>(() => _requests.WithLabels("get", null!));
        _requests.WithLabels("😱", "200");
        Assert.Equal(1, _requests.Count);
    }

    [Fact]
    public void Merges_constant_labels_in_name_order()
    {
        var registry = new MetricRegistry();
        GaugeFamily family = registry.CreateGaugeFamily(
            "g", "G.", ["zone", "blue"], new MetricOptions { ConstantLabels = new Dictionary<string, string> { ["role"] = "main", ["area"] = "1" } });
        family.WithLabels("z", "b").Set(1);
        Assert.Contains("\ng{area=\"1\",blue=\"b\",role=\"main\",zone=\"z\"} 1\n", registry.ToText(), StringComparison.Ordinal);
    }

    [Fact]
    public void Makes_histograms_and_summaries_per_label()
    {
        var registry = new MetricRegistry();
        registry.CreateHistogramFamily("h", "H.", ["k"], new HistogramOptions { Buckets = [1] }).WithLabels("a").Observe(2);
        registry.CreateSummaryFamily("s", "S.", ["k"], new SummaryOptions { Objectives = [new(0.5, 0.1)] }).WithLabels("b").Observe(3);
        Assert.Equal(
            """
            # HELP h H.
            # TYPE h histogram
            h_bucket{k="a",le="1"} 0
            h_bucket{k="a",le="+Inf"} 1
            h_sum{k="a"} 2
            h_count{k="a"} 1
            # HELP s S.
            # TYPE s summary
            s{k="b",quantile="0.5"} 3
            s_sum{k="b"} 3
            s_count{k="b"} 1

            """,
            registry.ToText());
    }

    [Fact]
    public void Finds_a_child_without_allocating()
    {
        _requests.WithLabels("get", "200");
        Assert.Equal(0, Allocation.Of(() => _requests.WithLabels("get", "200").Inc()));
    }

    [Fact]
    public void Makes_one_child_for_concurrent_first_uses()
    {
        Threads.Run(4, thread =>
        {
            for (int i = 0; i < 2000; i++)
            {
                _requests.WithLabels("get", (i % 100).ToString(System.Globalization.CultureInfo.InvariantCulture)).Inc();
                if (i % 500 == thread)
                    _registry.ToText();
            }
        });
        Assert.Equal(100, _requests.Count);
        Assert.All(Enumerable.Range(0, 100), code =>
            Assert.Equal(80, _requests.WithLabels("get", code.ToString(System.Globalization.CultureInfo.InvariantCulture)).Value));
    }
}
