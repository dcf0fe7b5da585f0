namespace Forethought.Web.Tests;

public sealed class CompressionTests
{
    // Upstream takes the first coding it knows, in the client's order, and knows none with a quality value (httputil/compression.go).
    [Theory]
    [InlineData("gzip", "gzip")]
    [InlineData("deflate", "deflate")]
    [InlineData("deflate, gzip", "deflate")]
    [InlineData("br , gzip,deflate", "gzip")]
    [InlineData("gzip;q=0.5", null)]
    [InlineData("br;q=1, gzip;q=0.5", null)]
    [InlineData("br", null)]
    [InlineData("", null)]
    [InlineData("GZIP", null)]
    public async Task Takes_the_first_coding_that_it_knows(string accepted, string? chosen)
    {
        await using ApiServer server = await ApiServer.StartAsync();
        using HttpResponseMessage response = await server.SendAsync("GET", "/api/v1/query?query=1&time=1", null, ("Accept-Encoding", accepted));
        Assert.Equal(chosen, response.Content.Headers.ContentEncoding.SingleOrDefault());
        Assert.Equal(
            """{"status":"success","data":{"resultType":"scalar","result":[1,"1"]}}""", await Bodies.ReadAsync(response));
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    public async Task Compresses_answers_longer_than_its_buffers(string coding)
    {
        await using ApiServer server = await ApiServer.StartAsync();
        const string Path = "/api/v1/query_range?query=time()&start=0&end=11000&step=1";
        string plain = await server.GetAsync(Path);
        using HttpResponseMessage response = await server.SendAsync("GET", Path, null, ("Accept-Encoding", coding));
        Assert.Equal(coding, response.Content.Headers.ContentEncoding.Single());
        Assert.Equal(plain, await Bodies.ReadAsync(response));
    }

    [Fact]
    public async Task Compresses_errors_too()
    {
        await using ApiServer server = await ApiServer.StartAsync();
        using HttpResponseMessage response = await server.SendAsync("GET", "/api/v1/series", null, ("Accept-Encoding", "gzip"));
        Assert.Equal(400, (int)response.StatusCode);
        Assert.Equal(
            """{"status":"error","errorType":"bad_data","error":"no match[] parameter provided"}""", await Bodies.ReadAsync(response));
    }
}
