using Microsoft.AspNetCore.Http;

namespace Forethought.Http.Tests;

public sealed class RedirectTests
{
    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(303)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task Follows_redirects(int status)
    {
        await using LoopbackServer server = await LoopbackServer.StartAsync(context => Redirect(context, status, "/end"));
        using var client = OutgoingHttpClient.Create(HttpClientSettings.Default);
        Assert.Equal("GET /end ", await CredentialTests.GetAsync(client, server.Uri));
    }

    [Fact]
    public async Task Returns_the_redirect_itself_when_following_is_off()
    {
        await using LoopbackServer server = await LoopbackServer.StartAsync(static context => Redirect(context, 302, "/end"));
        using var client = OutgoingHttpClient.Create(HttpClientSettings.Default with { FollowRedirects = false });
        using var request = new HttpRequestMessage(HttpMethod.Get, server.Uri);
        using HttpResponseMessage response = await client.SendAsync(request, default);
        Assert.Equal(302, (int)response.StatusCode);
    }

    [Fact]
    public async Task Stops_after_ten_redirects()
    {
        int served = 0;
        await using LoopbackServer server = await LoopbackServer.StartAsync(context =>
        {
            served++;
            context.Response.StatusCode = 302;
            context.Response.Headers.Location = "/again";
            return Task.CompletedTask;
        });
        using var client = OutgoingHttpClient.Create(HttpClientSettings.Default);
        var error = await Assert.ThrowsAsync<HttpRequestException>(() => CredentialTests.GetAsync(client, server.Uri));
        Assert.Equal("stopped after 10 redirects", error.Message);
        Assert.Equal(10, served);
    }

    [Theory]
    [InlineData(303, "GET /end ")]
    [InlineData(307, "POST /end body")]
    public async Task Keeps_method_and_body_only_where_the_status_says_so(int status, string expected)
    {
        await using LoopbackServer server = await LoopbackServer.StartAsync(context => Redirect(context, status, "/end"));
        using var client = OutgoingHttpClient.Create(HttpClientSettings.Default);
        using var request = new HttpRequestMessage(HttpMethod.Post, server.Uri) { Content = new StringContent("body") };
        using HttpResponseMessage response = await client.SendAsync(request, default);
        Assert.Equal(expected, await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Forwards_credentials_on_the_same_host()
    {
        await using LoopbackServer server = await LoopbackServer.StartAsync(static context =>
            context.Request.Path == "/end" ? Echo(context) : Redirect(context, 302, "/end"));
        using var client = OutgoingHttpClient.Create(WithAllCredentials());
        Assert.Equal("Authorization=Bearer token X-Extra=1 Cookie=c", await CredentialTests.GetAsync(client, server.Uri));
    }

    [Fact]
    public async Task Does_not_carry_credentials_to_another_host_nor_back_again()
    {
        // The original host is "localhost"; 127.0.0.1 is another host although it is the same server.
        await using LoopbackServer server = await LoopbackServer.StartAsync(static context => context.Request.Path.Value switch
        {
            "/" => Redirect(context, 302, $"http://127.0.0.1:{context.Request.Host.Port}/away"),
            "/away" => Redirect(context, 302, $"http://localhost:{context.Request.Host.Port}/back?{Values(context)}"),
            _ => context.Response.WriteAsync($"away:{Uri.UnescapeDataString(context.Request.QueryString.Value!)} back:{Values(context)}"),
        });
        using var client = OutgoingHttpClient.Create(WithAllCredentials());
        string answer = await CredentialTests.GetAsync(client, new Uri($"http://localhost:{server.Port}/"));
        Assert.Equal("away:?Authorization=-X-Extra=1-Cookie= back:Authorization=-X-Extra=1-Cookie=", answer.Replace(' ', '-').Replace("-back", " back", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Authorization")]
    [InlineData("Cookie")]
    [InlineData("Cookie2")]
    [InlineData("Www-Authenticate")]
    [InlineData("Proxy-Authorization")]
    [InlineData("proxy-authenticate")]
    public async Task Does_not_carry_a_sensitive_header_of_the_request_itself_to_another_host(string header)
    {
        await using LoopbackServer server = await LoopbackServer.StartAsync(context => context.Request.Path == "/"
            ? Redirect(context, 307, $"http://127.0.0.1:{context.Request.Host.Port}/away")
            : context.Response.WriteAsync($"{context.Request.Headers.ContainsKey(header)} {context.Request.Headers["X-Plain"]}"));
        using var client = OutgoingHttpClient.Create(HttpClientSettings.Default);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://localhost:{server.Port}/");
        request.Headers.TryAddWithoutValidation(header, "secret");
        request.Headers.TryAddWithoutValidation("X-Plain", "kept");
        using HttpResponseMessage response = await client.SendAsync(request, default);
        Assert.Equal("False kept", await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Does_not_fetch_or_send_tokens_and_passwords_for_another_host(bool oauth2)
    {
        await using LoopbackServer server = await LoopbackServer.StartAsync(static context => context.Request.Path.Value switch
        {
            "/token" => context.Response.WriteAsync("{\"access_token\":\"t\"}"),
            "/" => Redirect(context, 302, $"http://127.0.0.1:{context.Request.Host.Port}/away?{context.Request.Headers.Authorization.Count}"),
            _ => context.Response.WriteAsync($"before{context.Request.QueryString} after {context.Request.Headers.Authorization.Count}"),
        });
        HttpClientSettings settings = oauth2
            ? HttpClientSettings.Default with { OAuth2 = new OAuth2Settings { ClientId = "id", TokenUrl = new Uri(server.Uri, "/token").ToString() } }
            : HttpClientSettings.Default with { BasicAuthentication = new BasicAuthenticationSettings { Username = "u", Password = new Secret("p") } };
        using var client = OutgoingHttpClient.Create(settings);
        Assert.Equal("before?1 after 0", await CredentialTests.GetAsync(client, new Uri($"http://localhost:{server.Port}/")));
    }

    [Theory]
    [InlineData("ftp://elsewhere/")]
    [InlineData(null)]
    public async Task Returns_a_redirect_that_leads_nowhere(string? location)
    {
        await using LoopbackServer server = await LoopbackServer.StartAsync(context =>
        {
            context.Response.StatusCode = 302;
            context.Response.Headers.Location = location;
            return Task.CompletedTask;
        });
        using var client = OutgoingHttpClient.Create(HttpClientSettings.Default);
        using var request = new HttpRequestMessage(HttpMethod.Get, server.Uri);
        using HttpResponseMessage response = await client.SendAsync(request, default);
        Assert.Equal(302, (int)response.StatusCode);
    }

    private static HttpClientSettings WithAllCredentials() => HttpClientSettings.Default with
    {
        BearerToken = new Secret("token"),
        Headers = new ValueMap<HeaderSettings>([new("X-Extra", new HeaderSettings { Values = ["1"] }), new("Cookie", new HeaderSettings { Values = ["c"] })]),
    };

    private static Task Echo(HttpContext context) => context.Response.WriteAsync(Values(context));

    private static string Values(HttpContext context) =>
        $"Authorization={context.Request.Headers.Authorization} X-Extra={context.Request.Headers["X-Extra"]} Cookie={context.Request.Headers.Cookie}";

    private static async Task Redirect(HttpContext context, int status, string location)
    {
        if (context.Request.Path == "/end")
        {
            using var reader = new StreamReader(context.Request.Body);
            await context.Response.WriteAsync($"{context.Request.Method} /end {await reader.ReadToEndAsync()}");
            return;
        }

        context.Response.StatusCode = status;
        context.Response.Headers.Location = location;
    }
}
