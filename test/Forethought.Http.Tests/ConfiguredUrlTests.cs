using Forethought.Testing;

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

    [Fact]
    public void Mutated_urls_are_read_or_refused_and_what_is_read_prints_as_it_was()
    {
        const string Url = "http://us%20er:p%40ss@[::1]:8080/a/b%20c?q=1&r=%zz#f";
        const string Spice = "%:/?#[]@ \\\0\"é2fF";
        var random = Fuzz.Random(20261124);
        int read = 0;
        for (int round = 0; round < Fuzz.Rounds(20_000); round++)
        {
            char[] text = Url.ToCharArray()[..random.Next(Url.Length + 1)];
            for (int change = random.Next(0, 4); change > 0 && text.Length > 0; change--)
            {
                text[random.Next(text.Length)] = Spice[random.Next(Spice.Length)];
            }

            string url = new(text);
            try
            {
                var parsed = ConfiguredUrl.Parse(url);
                Assert.Equal(parsed, ConfiguredUrl.Parse(parsed.ToString()));
                read++;
            }
            catch (FormatException e)
            {
                Assert.StartsWith("parse \"", e.Message, StringComparison.Ordinal);
            }
        }

        Assert.True(read > 100);
    }

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
