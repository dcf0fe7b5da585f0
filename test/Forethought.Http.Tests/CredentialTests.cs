using System.Collections.Concurrent;
using System.Globalization;
using Forethought.Testing;
using Microsoft.AspNetCore.Http;

namespace Forethought.Http.Tests;

public sealed class CredentialTests
{
    private static readonly HttpClientSettings Plain = HttpClientSettings.Default;

    [Fact]
    public async Task Sends_no_headers_of_its_own_without_settings()
    {
        string[] headers = await HeadersSentAsync(Plain);
        Assert.Equal(["Host"], headers.Select(static header => header.Split(':')[0]));
    }

    [Fact]
    public async Task Sends_the_user_agent_of_the_options_unless_the_request_has_one()
    {
        await using LoopbackServer server = await LoopbackServer.StartAsync(static context => context.Response.WriteAsync(context.Request.Headers.UserAgent.ToString()));
        using var client = OutgoingHttpClient.Create(Plain, new OutgoingHttpOptions { UserAgent = "Prometheus/3.14.0" });
        Assert.Equal("Prometheus/3.14.0", await GetAsync(client, server.Uri));
        using var request = new HttpRequestMessage(HttpMethod.Get, server.Uri);
        request.Headers.TryAddWithoutValidation("User-Agent", "other");
        using HttpResponseMessage response = await client.SendAsync(request, default);
        Assert.Equal("other", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Sends_basic_credentials()
    {
        var settings = Plain with { BasicAuthentication = new BasicAuthenticationSettings { Username = "admin", Password = new Secret("pä:ss") } };
        Assert.Contains("Authorization: Basic " + Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes("admin:pä:ss")), await HeadersSentAsync(settings));
    }

    [Fact]
    public async Task Reads_credential_files_for_each_request_and_trims_them()
    {
        using var directory = new TemporaryDirectory();
        string file = Path.Combine(directory.Path, "token");
        await File.WriteAllTextAsync(file, " first\n");
        await using LoopbackServer server = await LoopbackServer.StartAsync(static context => context.Response.WriteAsync(context.Request.Headers.Authorization.ToString()));
        using var client = OutgoingHttpClient.Create(Plain with { BearerTokenFile = file });
        Assert.Equal("Bearer first", await GetAsync(client, server.Uri));
        await File.WriteAllTextAsync(file, "second");
        Assert.Equal("Bearer second", await GetAsync(client, server.Uri));
        File.Delete(file);
        var error = await Assert.ThrowsAsync<HttpRequestException>(() => GetAsync(client, server.Uri));
        Assert.Equal($"unable to read authorization credentials: unable to read file {file}: open {file}: no such file or directory", error.Message);
    }

    [Fact]
    public async Task Sends_the_authorization_of_the_request_itself_before_the_configured_one()
    {
        await using LoopbackServer server = await LoopbackServer.StartAsync(static context => context.Response.WriteAsync(context.Request.Headers.Authorization.ToString()));
        using var client = OutgoingHttpClient.Create(Plain with { Authorization = new AuthorizationSettings { Type = "Token", Credentials = new Secret("c") } });
        Assert.Equal("Token c", await GetAsync(client, server.Uri));
        using var request = new HttpRequestMessage(HttpMethod.Get, server.Uri);
        request.Headers.TryAddWithoutValidation("Authorization", "Mine x");
        using HttpResponseMessage response = await client.SendAsync(request, default);
        Assert.Equal("Mine x", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Sends_custom_headers_from_values_secrets_and_files()
    {
        using var directory = new TemporaryDirectory();
        string file = Path.Combine(directory.Path, "h");
        await File.WriteAllTextAsync(file, "\tfrom file\n");
        var header = new HeaderSettings { Values = ["v1", "v2"], Secrets = [new Secret("s")], Files = [file] };
        string[] sent = await HeadersSentAsync(Plain with { Headers = new ValueMap<HeaderSettings>([new("X-Scope", header)]) });
        Assert.Contains("X-Scope: v1, v2, s, from file", sent);
    }

    [Fact]
    public void Refuses_secret_references_since_there_is_no_manager()
    {
        var settings = Plain with { Authorization = new AuthorizationSettings { CredentialsRef = "vault" } };
        Assert.Equal(
            "unable to use credentials: cannot use secret ref without manager",
            Assert.Throws<HttpConfigurationException>(() => OutgoingHttpClient.Create(settings)).Message);
    }

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
                Assert.Equal("Basic " + Convert.ToBase64String("id:s%20x"u8), context.Request.Headers.Authorization.ToString());
                context.Response.ContentType = "application/json";
                await context.Response.WriteAsync($"{{\"access_token\":\"t{++fetched}\",\"token_type\":\"bearer\",\"expires_in\":60}}");
                return;
            }

            await context.Response.WriteAsync(context.Request.Headers.Authorization.ToString());
        });
        var oauth2 = new OAuth2Settings
        {
            ClientId = "id",
            ClientSecret = new Secret("s x"),
            Scopes = ["A", "B"],
            TokenUrl = new Uri(server.Uri, "/token").ToString(),
            EndpointParameters = new ValueMap<string>([new("extra", "v")]),
        };
        using var client = OutgoingHttpClient.Create(Plain with { OAuth2 = oauth2 }, new OutgoingHttpOptions { TimeProvider = clock });
        Assert.Equal("Bearer t1", await GetAsync(client, server.Uri));
        clock.Advance(TimeSpan.FromSeconds(49));
        Assert.Equal("Bearer t1", await GetAsync(client, server.Uri));
        clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal("Bearer t2", await GetAsync(client, server.Uri));
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
        Assert.Equal("Bearer t", await GetAsync(client, server.Uri));
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
        Assert.Equal("Bearer t", await GetAsync(client, server.Uri));
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
        var error = await Assert.ThrowsAsync<HttpRequestException>(() => GetAsync(client, server.Uri));
        Assert.Equal("oauth2: cannot fetch token: 401 Unauthorized\nResponse: no such client", error.Message);
    }

    internal static async Task<string> GetAsync(OutgoingHttpClient client, Uri uri)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, uri);
        using HttpResponseMessage response = await client.SendAsync(request, default);
        return await response.Content.ReadAsStringAsync();
    }

    private static async Task<string[]> HeadersSentAsync(HttpClientSettings settings)
    {
        await using LoopbackServer server = await LoopbackServer.StartAsync(static context => context.Response.WriteAsync(
            string.Join('\n', context.Request.Headers.Select(static header => string.Create(CultureInfo.InvariantCulture, $"{header.Key}: {header.Value}")))));
        using var client = OutgoingHttpClient.Create(settings);
        return (await GetAsync(client, server.Uri)).Split('\n');
    }
}
