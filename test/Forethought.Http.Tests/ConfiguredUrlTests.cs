
namespace Forethought.Http.Tests;

/// <summary>Expected values follow Go's <c>net/url</c>, whose texts users see.</summary>
public sealed class ConfiguredUrlTests
{
    [Theory]
    [InlineData("http://user:p%40ss@host:8080/path?q=1#f", "http", "host:8080", "/path")]
    [InlineData("kubernetes:443", "kubernetes", "", "")]
    [InlineData("HTTPS://EXAMPLE.com", "https", "EXAMPLE.com", "")]
    [InlineData("/just/a/path", "", "", "/just/a/path")]
    [InlineData("unix:///var/run/docker.sock", "unix", "", "/var/run/docker.sock")]
    [InlineData("http://[::1]:9090/x", "http", "[::1]:9090", "/x")]
    [InlineData("localhost", "", "", "localhost")]
    [InlineData("", "", "", "")]
    public void Splits_a_url(string text, string scheme, string host, string path)
    {
        var url = ConfiguredUrl.Parse(text);
        Assert.Equal((scheme, host, path), (url.Scheme, url.Host, url.Path));
    }

    [Theory]
    [InlineData("://x", "parse \"://x\": missing protocol scheme")]
    [InlineData("127.0.0.1:9090", "parse \"127.0.0.1:9090\": first path segment in URL cannot contain colon")]
    [InlineData("http://[::1", "parse \"http://[::1\": missing ']' in host")]
    [InlineData("http://host:port/", "parse \"http://host:port/\": invalid port \":port\" after host")]
    [InlineData("http://a b/", "parse \"http://a b/\": invalid character \" \" in host name")]
    [InlineData("http://h/%zz", "parse \"http://h/%zz\": invalid URL escape \"%zz\"")]
    [InlineData("http://h/\n", "parse \"http://h/\\n\": net/url: invalid control character in URL")]
    [InlineData("http://us er@h/", "parse \"http://us er@h/\": net/url: invalid userinfo")]
    public void Refuses_what_go_refuses_with_its_text(string text, string error) =>
        Assert.Equal(error, Assert.Throws<FormatException>(() => ConfiguredUrl.Parse(text)).Message);

    [Theory]
    [InlineData("http://user:secret@host/p?q=%20#f", "http://user:xxxxx@host/p?q=%20#f")]
    [InlineData("http://user@host/", "http://user@host/")]
    [InlineData("kubernetes:443", "kubernetes:443")]
    public void Hides_the_password(string text, string redacted)
    {
        Assert.Equal(redacted, ConfiguredUrl.Parse(text).Redacted());
        Assert.Equal(text, ConfiguredUrl.Parse(text).ToString());
    }
}
