namespace Forethought.Web.Tests;

public sealed class LifecycleTests
{
    [Theory]
    [InlineData("POST")]
    [InlineData("PUT")]
    public async Task Reloads_and_quits_when_asked(string method)
    {
        int reloads = 0, quits = 0;
        await using ApiServer server = await ApiServer.StartAsync(routes => routes with
        {
            Lifecycle = new LifecycleRoutes(true, _ => { reloads++; return Task.CompletedTask; }, () => quits++ == 0),
        });
        using HttpResponseMessage reload = await server.SendAsync(method, "/-/reload");
        Assert.Equal((200, 0L), ((int)reload.StatusCode, reload.Content.Headers.ContentLength));
        using HttpResponseMessage quit = await server.SendAsync(method, "/-/quit");
        Assert.Equal("Requesting termination... Goodbye!", await quit.Content.ReadAsStringAsync());
        using HttpResponseMessage again = await server.SendAsync(method, "/-/quit");
        Assert.Equal("Termination already in progress.", await again.Content.ReadAsStringAsync());
        Assert.Equal((1, 2), (reloads, quits));
    }

    [Fact]
    public async Task Says_why_a_reload_failed()
    {
        await using ApiServer server = await ApiServer.StartAsync(routes => routes with
        {
            Lifecycle = new LifecycleRoutes(true, _ => throw new InvalidDataException("line 3: no"), () => true),
        });
        using HttpResponseMessage response = await server.SendAsync("POST", "/-/reload");
        Assert.Equal(500, (int)response.StatusCode);
        Assert.Equal("failed to reload config: line 3: no\n", await response.Content.ReadAsStringAsync());
        Assert.Equal("text/plain; charset=utf-8", response.Content.Headers.ContentType?.ToString());
    }
}
