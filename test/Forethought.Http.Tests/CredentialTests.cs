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
    public void Refuses_secret_references_since_there_is_no_manager()
    {
        var settings = Plain with { Authorization = new AuthorizationSettings { CredentialsRef = "vault" } };
        Assert.Equal(
            "unable to use credentials: cannot use secret ref without manager",
            Assert.Throws<HttpConfigurationException>(() => OutgoingHttpClient.Create(settings)).Message);
    }

    [Fact]
    public async Task Reads_user_name_and_password_of_basic_authentication_again_for_each_request()
    {
        using var directory = new TemporaryDirectory();
        var basic = new BasicAuthenticationSettings { UsernameFile = Path.Combine(directory.Path, "user"), PasswordFile = Path.Combine(directory.Path, "password") };
        await File.WriteAllTextAsync(basic.UsernameFile, "admin\n");
        await File.WriteAllTextAsync(basic.PasswordFile, " one ");
        await using LoopbackServer server = await LoopbackServer.StartAsync(static context => context.Response.WriteAsync(context.Request.Headers.Authorization.ToString()));
        using var client = OutgoingHttpClient.Create(Plain with { BasicAuthentication = basic });
        Assert.Equal("Basic " + Convert.ToBase64String("admin:one"u8), await GetAsync(client, server.Uri));
        await File.WriteAllTextAsync(basic.UsernameFile, "root");
        await File.WriteAllTextAsync(basic.PasswordFile, "two:three");
        Assert.Equal("Basic " + Convert.ToBase64String("root:two:three"u8), await GetAsync(client, server.Uri));
        File.Delete(basic.PasswordFile);
        var error = await Assert.ThrowsAsync<HttpRequestException>(() => GetAsync(client, server.Uri));
        Assert.Equal($"unable to read basic auth password: unable to read file {basic.PasswordFile}: open {basic.PasswordFile}: no such file or directory", error.Message);
        File.Delete(basic.UsernameFile);
        error = await Assert.ThrowsAsync<HttpRequestException>(() => GetAsync(client, server.Uri));
        Assert.Equal($"unable to read basic auth username: unable to read file {basic.UsernameFile}: open {basic.UsernameFile}: no such file or directory", error.Message);
    }

    [Fact]
    public async Task Sends_empty_halves_of_basic_credentials_that_are_not_configured()
    {
        Assert.Contains("Authorization: Basic " + Convert.ToBase64String(":"u8), await HeadersSentAsync(Plain with { BasicAuthentication = new BasicAuthenticationSettings() }));
        Assert.Contains("Authorization: Bearer ", (await HeadersSentAsync(Plain with { Authorization = new AuthorizationSettings() })).Select(static header => header + " "));
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
