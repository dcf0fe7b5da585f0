using Microsoft.AspNetCore.Http;

namespace Forethought.Web.Tests.Api;

public sealed class ApiParametersTests
{
    [Theory]
    [InlineData("a=1&b=2", "a=1|b=2", null)]
    [InlineData("a+b=c%20d", "a b=c d", null)]
    [InlineData("a", "a=", null)]
    [InlineData("=x&&=", "=x|=", null)]
    [InlineData("a=b=c", "a=b=c", null)]
    [InlineData("a=%C3%A9", "a=é", null)]
    [InlineData("a=%FF", "a=\ufffd", null)]
    [InlineData("a=1;b=2&c=3", "c=3", "invalid semicolon separator in query")]
    [InlineData("a=%zz&c=3", "c=3", "invalid URL escape \"%zz\"")]
    [InlineData("%4=1&c=3&d=%", "c=3", "invalid URL escape \"%4\"")]
    [InlineData("a=%4", "", "invalid URL escape \"%4\"")]
    // As Go's url.ParseQuery: what is broken is left out, the first problem is told.
    public void Are_read_as_go_reads_them(string text, string pairs, string? problem)
    {
        var form = new UrlForm();
        form.Parse(text);
        Assert.Equal(pairs, string.Join('|', form.Values.Select(pair => $"{pair.Name}={pair.Value}")));
        Assert.Equal(problem, form.Problem);
    }

    [Fact]
    public async Task Of_the_body_come_before_those_of_the_query_string()
    {
        ApiParameters parameters = await ReadAsync("POST", "?a=query&b=only", "application/x-www-form-urlencoded; charset=utf-8", "a=body");
        Assert.Equal(["body", "query"], parameters.Texts("a"));
        Assert.Equal("body", parameters.Text("a"));
        Assert.Equal("only", parameters.Text("b"));
        Assert.Equal("", parameters.Text("c"));
    }

    [Theory]
    [InlineData("GET", "application/x-www-form-urlencoded")]
    [InlineData("POST", "application/json")]
    [InlineData("POST", null)]
    public async Task In_bodies_of_another_kind_are_not_looked_for(string method, string? type)
    {
        ApiParameters parameters = await ReadAsync(method, "", type, "a=body");
        Assert.Equal("", parameters.Text("a"));
        parameters.ThrowIfBroken();
    }

    [Fact]
    public async Task Beyond_ten_megabytes_are_refused()
    {
        ApiParameters parameters = await ReadAsync("POST", "?b=1", "application/x-www-form-urlencoded", "a=" + new string('x', 10 << 20));
        Assert.Equal(("", "1"), (parameters.Text("a"), parameters.Text("b")));
        ApiException error = Assert.Throws<ApiException>(parameters.ThrowIfBroken);
        Assert.Equal("error parsing form values: http: POST too large", error.Message);
    }

    [Fact]
    public void Cut_anywhere_or_mutated_never_throw()
    {
        const string Text = "query=sum(rate(x%7Ba%3D%22b%22%7D%5B5m%5D))+by+%28job%29&time=1.5&match[]=%C3%A9%F0%9F%98%80&&=;";
        for (int end = 0; end <= Text.Length; end++)
            new UrlForm().Parse(Text.AsSpan(0, end));
        var random = new Random(3);
        for (int i = 0; i < 20_000; i++)
        {
            char[] mutated = Text.ToCharArray();
            for (int j = random.Next(1, 6); j > 0; j--)
                mutated[random.Next(mutated.Length)] = (char)random.Next(256);
            var form = new UrlForm();
            form.Parse(mutated);
            Assert.InRange(form.Values.Sum(pair => pair.Name.Length + pair.Value.Length), 0, Text.Length);
        }
    }

    [Theory]
    [InlineData("5", 5_000_000_000)]
    [InlineData("1h30m", 5_400_000_000_000)]
    [InlineData("1e-8", 10)]
    [InlineData("-1.5", -1_500_000_000)]
    [InlineData("NaN", long.MinValue)]
    public void Durations_are_seconds_or_have_units(string text, long nanoseconds) => Assert.Equal(nanoseconds, ApiParameters.Nanoseconds(text));

    private static async Task<ApiParameters> ReadAsync(string method, string query, string? contentType, string body)
    {
        var context = new DefaultHttpContext();
        context.Request.Method = method;
        context.Request.QueryString = new QueryString(query);
        context.Request.ContentType = contentType;
        context.Request.Body = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(body));
        return await ApiParameters.ReadAsync(context.Request);
    }
}
