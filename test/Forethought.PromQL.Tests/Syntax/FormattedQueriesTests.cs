using System.Text.Json;
using Forethought.PromQL.Syntax;
using Forethought.Testing;

namespace Forethought.PromQL.Tests.Syntax;

/// <summary>
/// Queries as the real Prometheus formats them (<c>/api/v1/format_query</c>): a line with the query, then what came, indented.
/// With <c>PEERS_BIN</c> set they are recorded anew and compared, and with <c>RECORD_SCRIPTS</c> set as well they are written.
/// </summary>
public sealed class FormattedQueriesTests
{
    private const string Indent = "    | ";

    private static IEnumerable<(string Query, string Formatted)> Fixture()
    {
        string text = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Syntax", "formatted.txt")).TrimEnd('\n');
        foreach (string block in text.Split("\n\n"))
        {
            string[] lines = block.Split('\n');
            yield return (lines[0], string.Join('\n', lines.Skip(1).Select(static line => line[Indent.Length..])));
        }
    }

    [Fact]
    public void Queries_are_formatted_as_Prometheus_does()
    {
        foreach ((string query, string formatted) in Fixture())
            Assert.Equal(formatted, PromQlParser.ParseExpression(query, ParserOptions.Everything).Pretty());
    }

    [Fact]
    public void Formatted_queries_mean_the_same_and_stay_as_they_are()
    {
        foreach ((string query, string formatted) in Fixture())
        {
            Expr expr = PromQlParser.ParseExpression(formatted, ParserOptions.Everything);
            Assert.Equal(formatted, expr.Pretty());
            Assert.Equal(PromQlParser.ParseExpression(query, ParserOptions.Everything).ToString(), expr.ToString());
        }
    }

    [Fact]
    public async Task Prometheus_gives_the_recorded_formats()
    {
        using var home = new ServerHome(binary: Peers.Require("prometheus"));
        await using ServerProcess server = await home.Start("--enable-feature=promql-experimental-functions,promql-duration-expr");
        var blocks = new List<string>();
        foreach ((string query, _) in Fixture())
        {
            (_, string body) = await server.Api.Post("api/v1/format_query", ("query", query));
            string formatted = JsonSerializer.Deserialize<JsonElement>(body).GetProperty("data").GetString()!;
            blocks.Add(query + "\n" + string.Join('\n', formatted.Split('\n').Select(static line => Indent + line)));
        }

        string source = Path.Combine(ServerBinary.RepositoryRoot(), "test", "Forethought.PromQL.Tests", "Syntax", "formatted.txt");
        string recorded = string.Join("\n\n", blocks) + "\n";
        if (Environment.GetEnvironmentVariable("RECORD_SCRIPTS") is { Length: > 0 })
            await File.WriteAllTextAsync(source, recorded, TestContext.Current.CancellationToken);
        else
            Assert.Equal(recorded, await File.ReadAllTextAsync(source, TestContext.Current.CancellationToken));
    }
}
