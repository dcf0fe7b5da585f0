namespace Forethought.Web.Tests;

public sealed class CorsTests
{
    // The headers of upstream's httputil.SetCORS.
    [Theory]
    [InlineData(".*", "http://x.example", "*")]
    [InlineData("https?://(a|b)\\.example", "http://a.example", "http://a.example")]
    [InlineData("https?://(a|b)\\.example", "https://b.example", "https://b.example")]
    [InlineData("https?://(a|b)\\.example", "http://a.example.evil", null)]
    public async Task Lets_the_origins_of_the_pattern_read(string pattern, string origin, string? allowed)
    {
        await using ApiServer server = await ApiServer.StartAsync(routes => routes with { Cors = new CorsPolicy(pattern) });
        foreach (string method in (string[])["GET", "OPTIONS"])
        {
            using HttpResponseMessage response = await server.SendAsync(method, "/api/v1/query?query=1", null, ("Origin", origin));
            Assert.Equal(allowed, Header(response, "Access-Control-Allow-Origin"));
            Assert.Equal("Accept, Authorization, Content-Type, Origin", Header(response, "Access-Control-Allow-Headers"));
            Assert.Equal("GET, POST, OPTIONS", Header(response, "Access-Control-Allow-Methods"));
            Assert.Equal("Date", Header(response, "Access-Control-Expose-Headers"));
            Assert.Equal("Accept-Encoding, Origin", Header(response, "Vary"));
        }
    }

    [Theory]
    [InlineData("/api/v1/nothere")]
    [InlineData("/version")]
    public async Task Says_nothing_outside_the_api(string path)
    {
        await using ApiServer server = await ApiServer.StartAsync();
        using HttpResponseMessage response = await server.SendAsync("GET", path, null, ("Origin", "http://x.example"));
        Assert.Null(Header(response, "Access-Control-Allow-Origin"));
        Assert.Null(Header(response, "Vary"));
    }

    [Fact]
    public async Task Says_nothing_of_origins_to_who_sends_none()
    {
        await using ApiServer server = await ApiServer.StartAsync();
        using HttpResponseMessage response = await server.SendAsync("GET", "/api/v1/query?query=1");
        Assert.Null(Header(response, "Access-Control-Allow-Origin"));
        Assert.Equal("Accept-Encoding, Origin", Header(response, "Vary"));
    }

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out IEnumerable<string>? values) ? string.Join(", ", values) : null;
}
