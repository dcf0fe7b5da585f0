using System.Net;
using Forethought.Testing;
using Microsoft.AspNetCore.Http;

namespace Forethought.Http.Tests;

public sealed class CustomHeaderTests
{
    [Fact]
    public async Task Sends_a_line_for_each_value_secret_and_file()
    {
        using var directory = new TemporaryDirectory();
        string file = Path.Combine(directory.Path, "h");
        await File.WriteAllTextAsync(file, "\tfrom file\n");
        var header = new HeaderSettings { Values = ["v1", "v2"], Secrets = [new Secret("s")], Files = [file] };
        Assert.Equal(
            ["X-Scope: v1", "X-Scope: v2", "X-Scope: s", "X-Scope: from file"],
            Lines(await SentAsync(With("X-Scope", header)), "X-Scope"));
    }

    [Fact]
    public async Task Adds_to_a_header_that_the_request_has()
    {
        using var server = new RawServer();
        using var client = OutgoingHttpClient.Create(With("Accept", new HeaderSettings { Values = ["b/c"] }) with { EnableHttp2 = false });
        Task<string[]> sent = server.AnswerAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, server.Uri);
        request.Headers.TryAddWithoutValidation("Accept", "text/plain;q=0.5");
        using HttpResponseMessage response = await client.SendAsync(request, default);
        Assert.Equal(["Accept: text/plain;q=0.5", "Accept: b/c"], Lines(await sent, "Accept"));
    }

    [Fact]
    public async Task Sends_values_as_utf8()
    {
        Assert.Equal(["X-Name: Zoë 😀"], Lines(await SentAsync(With("X-Name", new HeaderSettings { Values = ["Zoë 😀"] })), "X-Name"));
        Assert.Equal(["X-Name: ä", "X-Name: ö"], Lines(await SentAsync(With("X-Name", new HeaderSettings { Values = ["ä", "ö"] })), "X-Name"));
    }

    [Fact]
    public async Task Sends_credentials_as_utf8()
    {
        var settings = HttpClientSettings.Default with { Authorization = new AuthorizationSettings { Type = "Token", Credentials = new Secret("pä") } };
        Assert.Equal(["Authorization: Token pä"], Lines(await SentAsync(settings), "Authorization"));
    }

    [Fact]
    public async Task Sends_a_long_list_of_values_whole()
    {
        string[] values = [.. Enumerable.Range(0, 300).Select(static i => new string((char)('a' + (i % 26)), i))];
        string[] sent = Lines(await SentAsync(With("X-Many", new HeaderSettings { Values = [.. values] })), "X-Many");
        Assert.Equal(values, sent.Select(static line => line["X-Many: ".Length..]));
    }

    [Theory]
    [InlineData("a\nInjected: yes")]
    [InlineData("a\r\nInjected: yes")]
    [InlineData("a\0b")]
    [InlineData("a\u007fb")]
    [InlineData("a\uffffb")]
    public async Task Refuses_a_value_that_could_end_its_line(string value)
    {
        using var client = OutgoingHttpClient.Create(With("x-scope", new HeaderSettings { Values = ["fine"], Secrets = [new Secret(value)] }));
        var error = await Assert.ThrowsAsync<HttpRequestException>(() => CredentialTests.GetAsync(client, new Uri("http://127.0.0.1:1/")));
        Assert.Equal("net/http: invalid header field value for \"X-Scope\"", error.Message);
    }

    [Fact]
    public async Task Names_the_file_of_a_header_that_cannot_be_read()
    {
        using var directory = new TemporaryDirectory();
        using var client = OutgoingHttpClient.Create(With("X-Scope", new HeaderSettings { Files = ["/nonexistent/h"] }));
        var error = await Assert.ThrowsAsync<HttpRequestException>(() => CredentialTests.GetAsync(client, new Uri("http://127.0.0.1:1/")));
        Assert.Equal("unable to read headers file /nonexistent/h: open /nonexistent/h: no such file or directory", error.Message);
        using var other = OutgoingHttpClient.Create(With("X-Scope", new HeaderSettings { Files = [directory.Path] }));
        error = await Assert.ThrowsAsync<HttpRequestException>(() => CredentialTests.GetAsync(other, new Uri("http://127.0.0.1:1/")));
        Assert.Equal($"unable to read headers file {directory.Path}: read {directory.Path}: is a directory", error.Message);
    }

    [Theory]
    [InlineData(1, "HTTP/2")]
    [InlineData(2, "HTTP/1.1")]
    public async Task Gives_up_http2_only_for_headers_with_several_values(int values, string protocol)
    {
        using var authority = new TestCertificates();
        await using LoopbackServer server = await LoopbackServer.StartAsync(
            static context => context.Response.WriteAsync($"{context.Request.Protocol} {context.Request.Headers["X-Scope"].Count} {context.Request.Headers["X-Scope"]}"),
            authority.Server());
        ValueList<string> all = ["v1", "vé"];
        HttpClientSettings settings = With("X-Scope", new HeaderSettings { Values = [.. all.Take(values)] }) with { Tls = new TlsSettings { Ca = authority.AuthorityPem } };
        using var client = OutgoingHttpClient.Create(settings);
        string sent = await CredentialTests.GetAsync(client, server.Uri);
        Assert.Equal($"{protocol} {values} {string.Join(',', all.Take(values))}", sent.Replace("Ã©", "é", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Repeats_the_lines_after_a_redirect()
    {
        using var first = new RawServer();
        using var second = new RawServer();
        using var client = OutgoingHttpClient.Create(With("X-Scope", new HeaderSettings { Values = ["v1", "v2"] }));
        Task<string[]> away = first.AnswerAsync($"HTTP/1.1 302 Found\r\nLocation: {second.Uri}\r\nContent-Length: 0\r\n\r\n");
        Task<string[]> there = second.AnswerAsync();
        Assert.Equal("ok", await CredentialTests.GetAsync(client, first.Uri));
        Assert.Equal(["X-Scope: v1", "X-Scope: v2"], Lines(await away, "X-Scope"));
        Assert.Equal(["X-Scope: v1", "X-Scope: v2"], Lines(await there, "X-Scope"));
    }

    private static HttpClientSettings With(string name, HeaderSettings header) =>
        HttpClientSettings.Default with { Headers = new ValueMap<HeaderSettings>([new(name, header)]) };

    private static async Task<string[]> SentAsync(HttpClientSettings settings)
    {
        using var server = new RawServer();
        using var client = OutgoingHttpClient.Create(settings);
        Task<string[]> sent = server.AnswerAsync();
        Assert.Equal("ok", await CredentialTests.GetAsync(client, server.Uri));
        return await sent;
    }

    private static string[] Lines(string[] head, string name) =>
        [.. head.Where(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))];
}
