using Forethought.Server;

namespace Forethought.Tests.Server;

/// <summary>As upstream's computeExternalURL (cmd/prometheus/main.go) and its test.</summary>
public sealed class ExternalUrlTests
{
    [Theory]
    [InlineData("http://proxy.com/prometheus", "", "http://proxy.com/prometheus", "/prometheus")]
    [InlineData("http://proxy.com/prometheus/", "", "http://proxy.com/prometheus", "/prometheus")]
    [InlineData("https://url/prometheus", "/", "https://url/prometheus", "/")]
    [InlineData("https://url:1234/a//", "b/c/", "https://url:1234/a", "/b/c")]
    [InlineData("http://host", "", "http://host/", "/")]
    public void The_prefix_follows_from_the_path_unless_given(string given, string routePrefix, string url, string prefix)
    {
        ExternalUrl external = ExternalUrl.From(given, routePrefix, "0.0.0.0:9090");
        Assert.Equal(new Uri(url), external.Url);
        Assert.Equal(prefix, external.RoutePrefix);
        Assert.Equal(9090, external.ListenPort);
    }

    [Theory]
    [InlineData("0.0.0.0:9090", 9090)]
    [InlineData(":7", 7)]
    [InlineData("[::1]:8080", 8080)]
    public void Without_one_it_is_this_host_and_the_listening_port(string address, int port)
    {
        ExternalUrl external = ExternalUrl.From("", "", address);
        Assert.Equal(new Uri($"http://{Environment.MachineName}:{port}/"), external.Url);
        Assert.Equal("/", external.RoutePrefix);
    }

    [Theory]
    [InlineData("\"http://proxy.com\"")]
    [InlineData("'no url")]
    [InlineData("no/url")]
    public void What_is_no_url_is_refused(string given) =>
        Assert.Throws<FormatException>(() => ExternalUrl.From(given, "", ":9090"));
}
