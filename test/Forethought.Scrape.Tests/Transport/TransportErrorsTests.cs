using System.Net.Sockets;
using Forethought.Scrape.Transport;
using Xunit;

namespace Forethought.Scrape.Tests;

// The words are those of Go's net and net/http packages.
public sealed class TransportErrorsTests
{
    private static readonly Uri Target = new("http://host.example:9100/metrics");

    [Theory]
    [InlineData(SocketError.ConnectionRefused, "dial tcp host.example:9100: connect: connection refused")]
    [InlineData(SocketError.HostNotFound, "dial tcp: lookup host.example: no such host")]
    [InlineData(SocketError.NoData, "dial tcp: lookup host.example: no such host")]
    [InlineData(SocketError.HostUnreachable, "dial tcp host.example:9100: connect: no route to host")]
    [InlineData(SocketError.NetworkUnreachable, "dial tcp host.example:9100: connect: network is unreachable")]
    [InlineData(SocketError.ConnectionReset, "read: connection reset by peer")]
    public void Names_what_the_network_said(SocketError code, string reason)
    {
        var error = new HttpRequestException("outer", new IOException("inner", new SocketException((int)code)));
        Assert.Equal($"Get \"{Target}\": {reason}", TransportErrors.OfRequest(Target.ToString(), Target, error));
    }

    [Fact]
    public void A_connection_closed_without_an_answer_is_an_end_of_file()
    {
        var error = new HttpRequestException(HttpRequestError.ResponseEnded);
        Assert.Equal($"Get \"{Target}\": EOF", TransportErrors.OfRequest(Target.ToString(), Target, error));
        Assert.Equal("unexpected EOF", TransportErrors.OfBody(error));
        Assert.Equal("unexpected EOF", TransportErrors.OfBody(new HttpIOException(HttpRequestError.ResponseEnded)));
    }

    [Fact]
    public void What_has_no_words_in_Go_keeps_its_own()
    {
        Assert.Equal($"Get \"{Target}\": odd", TransportErrors.OfRequest(Target.ToString(), Target, new HttpRequestException("odd")));
        Assert.Equal("odd", TransportErrors.OfBody(new IOException("odd")));
    }

    [Fact]
    public async Task A_server_that_hangs_up_fails_the_scrape()
    {
        await using HostileServer server = await HostileServer.StartAsync();
        await using var scraping = new Scraping();
        await scraping.StartAsync(Scraping.Job(path: "/closed"), server.Address);
        await scraping.NextAsync();
        Assert.Contains(
            Assert.Single(scraping.Manager.ActiveTargets).LastError,
            (string[])[$"Get \"http://{server.Address}/closed\": EOF", $"Get \"http://{server.Address}/closed\": read: connection reset by peer"]);
    }

    [Fact]
    public async Task A_name_that_does_not_resolve_fails_the_scrape()
    {
        await using var scraping = new Scraping();
        // RFC 6761: never resolves.
        await scraping.StartAsync(Scraping.Job(), "nowhere.invalid:80");
        await scraping.NextAsync();
        Assert.StartsWith(
            "Get \"http://nowhere.invalid:80/good\": ", Assert.Single(scraping.Manager.ActiveTargets).LastError, StringComparison.Ordinal);
        Assert.Equal(0, scraping.Storage.Last("up"));
    }

    [Fact]
    public async Task An_address_that_makes_no_URL_fails_the_scrape()
    {
        await using var scraping = new Scraping();
        await scraping.StartAsync(Scraping.Job(), "a b:80");
        await scraping.NextAsync();
        Assert.Equal("parse \"http://a b:80/good\": invalid URL", Assert.Single(scraping.Manager.ActiveTargets).LastError);
    }
}
