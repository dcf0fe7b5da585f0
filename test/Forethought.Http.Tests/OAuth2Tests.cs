using System.Collections.Concurrent;
using Forethought.Testing;
using Microsoft.AspNetCore.Http;

namespace Forethought.Http.Tests;

public sealed class OAuth2Tests
{
    private static readonly HttpClientSettings Plain = HttpClientSettings.Default;

    [Fact]
    public async Task Fetches_an_oauth2_token_once_and_again_when_it_expires()
    {
        var clock = new FakeTimeProvider();
        int fetched = 0;
        await using LoopbackServer server = await LoopbackServer.StartAsync(async context =>
        {
            if (context.Request.Path == "/token")
            {
                IFormCollection form = await context.Request.ReadFormAsync();
                Assert.Equal("client_credentials", form["grant_type"]);
                Assert.Equal("A B", form["scope"]);
                Assert.Equal("v", form["extra"]);
                Assert.Equal("Basic " + Convert.ToBase64String("id%2F1:s+x%26"u8), context.Request.Headers.Authorization.ToString());
                context.Response.ContentType = "application/json";
                await context.Response.WriteAsync($"{{\"access_token\":\"t{++fetched}\",\"token_type\":\"bearer\",\"expires_in\":60}}");
                return;
            }

            await context.Response.WriteAsync(context.Request.Headers.Authorization.ToString());
        });
        var oauth2 = new OAuth2Settings
        {
            ClientId = "id/1",
            ClientSecret = new Secret("s x&"),
            Scopes = ["A", "B"],
            TokenUrl = new Uri(server.Uri, "/token").ToString(),
            EndpointParameters = new ValueMap<string>([new("extra", "v")]),
        };
        using var client = OutgoingHttpClient.Create(Plain with { OAuth2 = oauth2 }, new OutgoingHttpOptions { TimeProvider = clock });
        Assert.Equal("Bearer t1", await CredentialTests.GetAsync(client, server.Uri));
        clock.Advance(TimeSpan.FromSeconds(49));
        Assert.Equal("Bearer t1", await CredentialTests.GetAsync(client, server.Uri));
        clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal("Bearer t2", await CredentialTests.GetAsync(client, server.Uri));
    }

    [Fact]
    public async Task Sends_the_oauth2_secret_in_the_form_to_endpoints_that_refuse_the_header()
    {
        var asked = new ConcurrentQueue<string>();
        await using LoopbackServer server = await LoopbackServer.StartAsync(async context =>
        {
            if (context.Request.Path != "/token")
            {
                await context.Response.WriteAsync(context.Request.Headers.Authorization.ToString());
                return;
            }

            IFormCollection form = await context.Request.ReadFormAsync();
            asked.Enqueue(form["client_secret"].ToString());
            context.Response.StatusCode = form.ContainsKey("client_secret") ? 200 : 401;
            await context.Response.WriteAsync("{\"access_token\":\"t\"}");
        });
        var oauth2 = new OAuth2Settings { ClientId = "id", ClientSecret = new Secret("secret"), TokenUrl = new Uri(server.Uri, "/token").ToString() };
        using var client = OutgoingHttpClient.Create(Plain with { OAuth2 = oauth2 });
        Assert.Equal("Bearer t", await CredentialTests.GetAsync(client, server.Uri));
        Assert.Equal(["", "secret"], asked);
    }

    [Fact]
    public async Task Asks_for_a_token_with_a_signed_assertion()
    {
        using var key = System.Security.Cryptography.RSA.Create(2048);
        string? assertion = null;
        await using LoopbackServer server = await LoopbackServer.StartAsync(async context =>
        {
            if (context.Request.Path == "/token")
            {
                IFormCollection form = await context.Request.ReadFormAsync();
                Assert.Equal(OAuth2Settings.JwtBearerGrantType, form["grant_type"]);
                assertion = form["assertion"];
                await context.Response.WriteAsync("{\"access_token\":\"t\",\"token_type\":\"Bearer\"}");
                return;
            }

            await context.Response.WriteAsync(context.Request.Headers.Authorization.ToString());
        });
        var oauth2 = new OAuth2Settings
        {
            ClientId = "me",
            GrantType = OAuth2Settings.JwtBearerGrantType,
            ClientCertificateKey = new Secret(key.ExportPkcs8PrivateKeyPem()),
            ClientCertificateKeyId = "kid-1",
            SignatureAlgorithm = "RS384",
            TokenUrl = new Uri(server.Uri, "/token").ToString(),
            Claims = new ValueMap<object?>([new("admin", true), new("level", 3L)]),
        };
        using var client = OutgoingHttpClient.Create(Plain with { OAuth2 = oauth2 });
        Assert.Equal("Bearer t", await CredentialTests.GetAsync(client, server.Uri));
        string[] parts = assertion!.Split('.');
        Assert.Equal("{\"alg\":\"RS384\",\"typ\":\"JWT\",\"kid\":\"kid-1\"}", Decoded(parts[0]));
        using var claims = System.Text.Json.JsonDocument.Parse(Decoded(parts[1]));
        Assert.Equal("me", claims.RootElement.GetProperty("iss").GetString());
        Assert.Equal("me", claims.RootElement.GetProperty("sub").GetString());
        Assert.Equal(oauth2.TokenUrl, claims.RootElement.GetProperty("aud").GetString());
        Assert.True(claims.RootElement.GetProperty("admin").GetBoolean());
        Assert.Equal(3, claims.RootElement.GetProperty("level").GetInt32());
        Assert.True(key.VerifyData(
            System.Text.Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"),
            System.Buffers.Text.Base64Url.DecodeFromChars(parts[2]),
            System.Security.Cryptography.HashAlgorithmName.SHA384,
            System.Security.Cryptography.RSASignaturePadding.Pkcs1));

        static string Decoded(string part) => System.Text.Encoding.UTF8.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(part));
    }

    [Fact]
    public async Task Reports_the_answer_of_a_refusing_token_endpoint()
    {
        await using LoopbackServer server = await LoopbackServer.StartAsync(static context =>
        {
            context.Response.StatusCode = 401;
            return context.Response.WriteAsync("no such client");
        });
        var oauth2 = new OAuth2Settings { ClientId = "id", TokenUrl = server.Uri.ToString() };
        using var client = OutgoingHttpClient.Create(Plain with { OAuth2 = oauth2 });
        var error = await Assert.ThrowsAsync<HttpRequestException>(() => CredentialTests.GetAsync(client, server.Uri));
        Assert.Equal("oauth2: cannot fetch token: 401 Unauthorized\nResponse: no such client", error.Message);
    }

    // Texts and rules: golang.org/x/oauth2, internal/token.go and RetrieveError.
    [Theory]
    [InlineData(400, "application/json", "{\"error\":\"invalid_client\"}", "oauth2: \"invalid_client\"")]
    [InlineData(200, "application/json", "{\"error\":\"slow_down\",\"access_token\":\"t\"}", "oauth2: \"slow_down\"")]
    [InlineData(401, "application/json", "{\"error\":\"e\",\"error_description\":\"a \\\"b\\\"\",\"error_uri\":\"http://x\"}", "oauth2: \"e\" \"a \\\"b\\\"\" \"http://x\"")]
    [InlineData(403, "application/x-www-form-urlencoded", "error=access_denied&error_description=not+now", "oauth2: \"access_denied\" \"not now\"")]
    [InlineData(500, "application/json", "[1]", "oauth2: cannot fetch token: 500 Internal Server Error\nResponse: [1]")]
    [InlineData(200, "application/json", "{\"access_token\":\"\"}", "oauth2: server response missing access_token")]
    [InlineData(200, "text/plain", "token_type=bearer", "oauth2: server response missing access_token")]
    public async Task Reports_why_there_is_no_token(int status, string contentType, string body, string text)
    {
        await using LoopbackServer server = await AnsweringAsync(status, contentType, body);
        var oauth2 = new OAuth2Settings { ClientId = "id", TokenUrl = new Uri(server.Uri, "/token").ToString() };
        using var client = OutgoingHttpClient.Create(Plain with { OAuth2 = oauth2 });
        Assert.Equal(text, (await Assert.ThrowsAsync<HttpRequestException>(() => CredentialTests.GetAsync(client, server.Uri))).Message);
    }

    [Fact]
    public async Task Reports_a_token_answer_that_is_not_json()
    {
        await using LoopbackServer server = await AnsweringAsync(200, "application/json", "<html>");
        using var client = OutgoingHttpClient.Create(Plain with { OAuth2 = new OAuth2Settings { ClientId = "id", TokenUrl = new Uri(server.Uri, "/token").ToString() } });
        var error = await Assert.ThrowsAsync<HttpRequestException>(() => CredentialTests.GetAsync(client, server.Uri));
        Assert.StartsWith("oauth2: cannot parse json: ", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("application/json", "{\"access_token\":\"t\",\"token_type\":\"mac\"}", "MAC t")]
    [InlineData("application/json", "{\"access_token\":\"t\",\"token_type\":\"BASIC\"}", "Basic t")]
    [InlineData("application/json", "{\"access_token\":\"t\",\"token_type\":\"DPoP\"}", "DPoP t")]
    [InlineData("application/json", "{\"access_token\":\"t\",\"token_type\":7}", "7 t")]
    [InlineData("text/plain", "access_token=a%20b&token_type=bearer&flag", "Bearer a b")]
    public async Task Sends_the_token_under_the_scheme_of_its_type(string contentType, string body, string authorization)
    {
        await using LoopbackServer server = await AnsweringAsync(200, contentType, body);
        using var client = OutgoingHttpClient.Create(Plain with { OAuth2 = new OAuth2Settings { ClientId = "id", TokenUrl = new Uri(server.Uri, "/token").ToString() } });
        Assert.Equal(authorization, await CredentialTests.GetAsync(client, server.Uri));
    }

    [Theory]
    [InlineData("60", 49, 1)]
    [InlineData("60", 51, 2)]
    [InlineData("\"60\"", 51, 2)]
    [InlineData("0", 1_000_000, 1)]
    [InlineData("-5", 1_000_000, 1)]
    [InlineData("\"soon\"", 1_000_000, 1)]
    [InlineData("99999999999999999999", 1_000_000, 1)]
    public async Task Uses_a_token_until_ten_seconds_before_its_end(string lifetime, int seconds, int fetched)
    {
        var clock = new FakeTimeProvider();
        int asked = 0;
        await using LoopbackServer server = await LoopbackServer.StartAsync(context => context.Request.Path == "/token"
            ? context.Response.WriteAsync($"{{\"access_token\":\"t{++asked}\",\"expires_in\":{lifetime}}}")
            : Task.CompletedTask);
        var oauth2 = new OAuth2Settings { ClientId = "id", TokenUrl = new Uri(server.Uri, "/token").ToString() };
        using var client = OutgoingHttpClient.Create(Plain with { OAuth2 = oauth2 }, new OutgoingHttpOptions { TimeProvider = clock });
        await CredentialTests.GetAsync(client, server.Uri);
        clock.Advance(TimeSpan.FromSeconds(seconds));
        await CredentialTests.GetAsync(client, server.Uri);
        Assert.Equal(fetched, asked);
    }

    [Fact]
    public async Task Fetches_another_token_when_the_file_of_the_secret_changes()
    {
        using var directory = new TemporaryDirectory();
        string file = Path.Combine(directory.Path, "secret");
        await File.WriteAllTextAsync(file, "one");
        await using LoopbackServer server = await LoopbackServer.StartAsync(static context => context.Response.WriteAsync(context.Request.Path == "/token"
            ? $"{{\"access_token\":\"{context.Request.Headers.Authorization.ToString().Split(' ')[1]}\"}}"
            : context.Request.Headers.Authorization.ToString()));
        var oauth2 = new OAuth2Settings { ClientId = "id", ClientSecretFile = file, TokenUrl = new Uri(server.Uri, "/token").ToString() };
        using var client = OutgoingHttpClient.Create(Plain with { OAuth2 = oauth2 });
        Assert.Equal("Bearer " + Convert.ToBase64String("id:one"u8), await CredentialTests.GetAsync(client, server.Uri));
        await File.WriteAllTextAsync(file, "two\n");
        Assert.Equal("Bearer " + Convert.ToBase64String("id:two"u8), await CredentialTests.GetAsync(client, server.Uri));
        File.Delete(file);
        var error = await Assert.ThrowsAsync<HttpRequestException>(() => CredentialTests.GetAsync(client, server.Uri));
        Assert.Equal($"unable to read oauth2 client secret: unable to read file {file}: open {file}: no such file or directory", error.Message);
    }

    [Fact]
    public async Task Lets_endpoint_parameters_change_the_grant_type_and_nothing_else_of_the_form()
    {
        string grantType = "";
        await using LoopbackServer server = await LoopbackServer.StartAsync(async context =>
        {
            if (context.Request.Path == "/token")
            {
                grantType = (await context.Request.ReadFormAsync())["grant_type"].ToString();
                await context.Response.WriteAsync("{\"access_token\":\"t\"}");
            }
        });
        var oauth2 = new OAuth2Settings
        {
            ClientId = "id",
            Scopes = ["a"],
            TokenUrl = new Uri(server.Uri, "/token").ToString(),
            EndpointParameters = new ValueMap<string>([new("grant_type", "password")]),
        };
        using (var client = OutgoingHttpClient.Create(Plain with { OAuth2 = oauth2 }))
        {
            await CredentialTests.GetAsync(client, server.Uri);
        }

        Assert.Equal("password", grantType);
        oauth2 = oauth2 with { EndpointParameters = new ValueMap<string>([new("scope", "b")]) };
        using var refused = OutgoingHttpClient.Create(Plain with { OAuth2 = oauth2 });
        var error = await Assert.ThrowsAsync<HttpRequestException>(() => CredentialTests.GetAsync(refused, server.Uri));
        Assert.Equal("oauth2: cannot overwrite parameter \"scope\"", error.Message);
    }

    [Fact]
    public async Task Refuses_a_key_that_cannot_sign()
    {
        var oauth2 = new OAuth2Settings
        {
            ClientId = "id",
            GrantType = OAuth2Settings.JwtBearerGrantType,
            ClientCertificateKey = new Secret("not a key"),
            TokenUrl = "http://127.0.0.1:1/",
        };
        using var client = OutgoingHttpClient.Create(Plain with { OAuth2 = oauth2 });
        var error = await Assert.ThrowsAsync<HttpRequestException>(() => CredentialTests.GetAsync(client, new Uri("http://127.0.0.1:1/")));
        Assert.StartsWith("oauth2: cannot sign assertion: ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tells_the_token_endpoint_the_user_agent()
    {
        await using LoopbackServer server = await LoopbackServer.StartAsync(static context => context.Response.WriteAsync(context.Request.Path == "/token"
            ? $"{{\"access_token\":\"{context.Request.Headers.UserAgent}\"}}"
            : context.Request.Headers.Authorization.ToString()));
        var oauth2 = new OAuth2Settings { ClientId = "id", TokenUrl = new Uri(server.Uri, "/token").ToString() };
        using var client = OutgoingHttpClient.Create(Plain with { OAuth2 = oauth2 }, new OutgoingHttpOptions { UserAgent = "Prometheus/3.14.0" });
        Assert.Equal("Bearer Prometheus/3.14.0", await CredentialTests.GetAsync(client, server.Uri));
    }

    private static Task<LoopbackServer> AnsweringAsync(int status, string contentType, string body) => LoopbackServer.StartAsync(context =>
    {
        if (context.Request.Path != "/token")
        {
            return context.Response.WriteAsync(context.Request.Headers.Authorization.ToString());
        }

        context.Response.StatusCode = status;
        context.Response.ContentType = contentType;
        return context.Response.WriteAsync(body);
    });
}
