using Forethought.PromQL.Syntax;

namespace Forethought.Web.Tests.Api;

/// <summary>
/// Trees of <c>/api/v1/parse_query</c>: the members that upstream's web/api/v1/translate_ast.go gives each kind of node, in the order in
/// which Go's encoder writes the keys of a map.
/// </summary>
public sealed class SyntaxTreeTests
{
    private const string Up = """{"anchored":false,"matchers":[{"name":"__name__","type":"=","value":"up"}],"name":"up","offset":0,"offsetExpr":null,"smoothed":false,"startOrEnd":null,"timestamp":null,"type":"vectorSelector"}""";

    [Theory]
    [InlineData("1.5e3", """{"type":"numberLiteral","val":"1500"}""")]
    [InlineData("1e21", """{"type":"numberLiteral","val":"1000000000000000000000"}""")]
    [InlineData("-Inf", """{"type":"numberLiteral","val":"-Inf"}""")]
    [InlineData("'<\"é'", """{"type":"stringLiteral","val":"\u003c\"é"}""")]
    [InlineData("(1)", """{"expr":{"type":"numberLiteral","val":"1"},"type":"parenExpr"}""")]
    [InlineData("-up", $$"""{"expr":{{Up}},"op":"-","type":"unaryExpr"}""")]
    [InlineData("+up", $$"""{"expr":{{Up}},"op":"+","type":"unaryExpr"}""")]
    [InlineData("time()", """{"args":[],"func":{"argTypes":[],"name":"time","returnType":"scalar","variadic":0},"type":"call"}""")]
    [InlineData("round(up, 2)", $$"""{"args":[{{Up}},{"type":"numberLiteral","val":"2"}],"func":{"argTypes":["vector","scalar"],"name":"round","returnType":"vector","variadic":1},"type":"call"}""")]
    [InlineData("sum(up)", $$"""{"expr":{{Up}},"grouping":[],"op":"sum","param":null,"type":"aggregation","without":false}""")]
    [InlineData("topk without(a, b) (5, up)", $$"""{"expr":{{Up}},"grouping":["a","b"],"op":"topk","param":{"type":"numberLiteral","val":"5"},"type":"aggregation","without":true}""")]
    [InlineData("1 + 2", """{"bool":false,"lhs":{"type":"numberLiteral","val":"1"},"matching":null,"op":"+","rhs":{"type":"numberLiteral","val":"2"},"type":"binaryExpr"}""")]
    [InlineData("up > bool 0", $$"""{"bool":true,"lhs":{{Up}},"matching":null,"op":"\u003e","rhs":{"type":"numberLiteral","val":"0"},"type":"binaryExpr"}""")]
    public async Task Literals_calls_and_operators(string query, string tree) => Assert.Equal(tree, await TreeAsync(query));

    [Theory]
    [InlineData("up and up", """{"card":"many-to-many","fillValues":{"lhs":null,"rhs":null},"include":[],"labels":[],"on":false}""")]
    [InlineData("up * on(a) up", """{"card":"one-to-one","fillValues":{"lhs":null,"rhs":null},"include":[],"labels":["a"],"on":true}""")]
    [InlineData("up * ignoring(a) group_left(b, c) up", """{"card":"many-to-one","fillValues":{"lhs":null,"rhs":null},"include":["b","c"],"labels":["a"],"on":false}""")]
    [InlineData("up * on(a) group_right up", """{"card":"one-to-many","fillValues":{"lhs":null,"rhs":null},"include":[],"labels":["a"],"on":true}""")]
    [InlineData("up * fill_left(2.5) up", """{"card":"one-to-one","fillValues":{"lhs":2.5,"rhs":null},"include":[],"labels":[],"on":false}""")]
    public async Task Matching_of_two_vectors(string query, string matching)
    {
        using var tree = System.Text.Json.JsonDocument.Parse(await TreeAsync(query));
        Assert.Equal(matching, tree.RootElement.GetProperty("matching").GetRawText());
    }

    [Theory]
    [InlineData("{a!=\"b\",c=~\"d\",e!~\"f\",g=\"h\"}", """{"anchored":false,"matchers":[{"name":"a","type":"!=","value":"b"},{"name":"c","type":"=~","value":"d"},{"name":"e","type":"!~","value":"f"},{"name":"g","type":"=","value":"h"}],"name":"","offset":0,"offsetExpr":null,"smoothed":false,"startOrEnd":null,"timestamp":null,"type":"vectorSelector"}""")]
    [InlineData("up @ 1.5 offset -1m", """{"anchored":false,"matchers":[{"name":"__name__","type":"=","value":"up"}],"name":"up","offset":-60000,"offsetExpr":null,"smoothed":false,"startOrEnd":null,"timestamp":1500,"type":"vectorSelector"}""")]
    [InlineData("up @ start()", """{"anchored":false,"matchers":[{"name":"__name__","type":"=","value":"up"}],"name":"up","offset":0,"offsetExpr":null,"smoothed":false,"startOrEnd":"start","timestamp":null,"type":"vectorSelector"}""")]
    [InlineData("up[5m] @ end()", """{"anchored":false,"matchers":[{"name":"__name__","type":"=","value":"up"}],"name":"up","offset":0,"offsetExpr":null,"range":300000,"rangeExpr":null,"smoothed":false,"startOrEnd":"end","timestamp":null,"type":"matrixSelector"}""")]
    [InlineData("up[5m] smoothed", """{"anchored":false,"matchers":[{"name":"__name__","type":"=","value":"up"}],"name":"up","offset":0,"offsetExpr":null,"range":300000,"rangeExpr":null,"smoothed":true,"startOrEnd":null,"timestamp":null,"type":"matrixSelector"}""")]
    [InlineData("up[5m:1m] @ 2 offset 1s", $$"""{"expr":{{Up}},"offset":1000,"offsetExpr":null,"range":300000,"rangeExpr":null,"startOrEnd":null,"step":60000,"stepExpr":null,"timestamp":2000,"type":"subquery"}""")]
    [InlineData("up[5m:] @ start()", $$"""{"expr":{{Up}},"offset":0,"offsetExpr":null,"range":300000,"rangeExpr":null,"startOrEnd":"start","step":0,"stepExpr":null,"timestamp":null,"type":"subquery"}""")]
    public async Task Selectors_and_subqueries(string query, string tree) => Assert.Equal(tree, await TreeAsync(query));

    // The cases of upstream's translate_ast_test.go.
    [Theory]
    [InlineData("foo[5m+1m]", "rangeExpr", """{"lhs":{"duration":true,"type":"numberLiteral","val":"300"},"op":"+","rhs":{"duration":true,"type":"numberLiteral","val":"60"},"type":"durationExpr","wrapped":false}""")]
    [InlineData("foo[5m+1m] offset (10m/2)", "offsetExpr", """{"lhs":{"duration":true,"type":"numberLiteral","val":"600"},"op":"/","rhs":{"duration":false,"type":"numberLiteral","val":"2"},"type":"durationExpr","wrapped":true}""")]
    [InlineData("foo[max_of(step(),5m+3m) ]", "rangeExpr", """{"lhs":{"lhs":null,"op":"step","rhs":null,"type":"durationExpr","wrapped":false},"op":"max_of","rhs":{"lhs":{"duration":true,"type":"numberLiteral","val":"300"},"op":"+","rhs":{"duration":true,"type":"numberLiteral","val":"180"},"type":"durationExpr","wrapped":false},"type":"durationExpr","wrapped":false}""")]
    [InlineData("foo[min_of(1m,10m-2m)]", "rangeExpr", """{"lhs":{"duration":true,"type":"numberLiteral","val":"60"},"op":"min_of","rhs":{"lhs":{"duration":true,"type":"numberLiteral","val":"600"},"op":"-","rhs":{"duration":true,"type":"numberLiteral","val":"120"},"type":"durationExpr","wrapped":false},"type":"durationExpr","wrapped":false}""")]
    [InlineData("foo[range()]", "rangeExpr", """{"lhs":null,"op":"range","rhs":null,"type":"durationExpr","wrapped":false}""")]
    [InlineData("foo[4s+4s:1s*2] offset (5s-8)", "stepExpr", """{"lhs":{"duration":true,"type":"numberLiteral","val":"1"},"op":"*","rhs":{"duration":false,"type":"numberLiteral","val":"2"},"type":"durationExpr","wrapped":false}""")]
    [InlineData("foo[4s+4s:1s*2] offset (5s-8)", "offsetExpr", """{"lhs":{"duration":true,"type":"numberLiteral","val":"5"},"op":"-","rhs":{"duration":false,"type":"numberLiteral","val":"8"},"type":"durationExpr","wrapped":true}""")]
    [InlineData("foo[7m%2m]", "rangeExpr", """{"lhs":{"duration":true,"type":"numberLiteral","val":"420"},"op":"%","rhs":{"duration":true,"type":"numberLiteral","val":"120"},"type":"durationExpr","wrapped":false}""")]
    [InlineData("foo[2^3]", "rangeExpr", """{"lhs":{"duration":false,"type":"numberLiteral","val":"2"},"op":"^","rhs":{"duration":false,"type":"numberLiteral","val":"3"},"type":"durationExpr","wrapped":false}""")]
    public async Task Durations_that_are_expressions(string query, string member, string duration)
    {
        using var tree = System.Text.Json.JsonDocument.Parse(await TreeAsync(query));
        Assert.Equal(duration, tree.RootElement.GetProperty(member).GetRawText());
    }

    // Every expression that may stand in another shows it with the same members.
    [Fact]
    public async Task Trees_nest() => Assert.Equal(
        $$"""{"args":[{"expr":{"expr":{{Up}},"type":"parenExpr"},"grouping":["a"],"op":"max","param":null,"type":"aggregation","without":false}],"func":{"argTypes":["vector"],"name":"abs","returnType":"vector","variadic":0},"type":"call"}""",
        await TreeAsync("abs(max by(a) ((up)))"));

    private static async Task<string> TreeAsync(string query)
    {
        var options = ParserOptions.Default with { ExtendedRangeSelectors = true, FillModifiers = true };
        var stream = new MemoryStream();
        using var output = new JsonOutput(stream);
        new SyntaxTreeWriter(output).Write(PromQlParser.ParseExpression(query, options));
        await output.FlushAsync(CancellationToken.None);
        return System.Text.Encoding.UTF8.GetString(stream.ToArray());
    }
}
