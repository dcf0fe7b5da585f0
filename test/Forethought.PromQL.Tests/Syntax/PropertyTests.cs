using System.Text;
using Forethought.PromQL.Syntax;
using Forethought.Testing;

namespace Forethought.PromQL.Tests.Syntax;

/// <summary>What holds for any input: printed queries mean the same, and broken ones end in an error that lies inside the query.</summary>
public sealed class PropertyTests
{
    [Fact]
    public void A_printed_query_parses_to_the_same_tree()
    {
        foreach (string query in ValidQueries(seed: 20250101, count: 3000, depth: 5))
        {
            Expr expr = Parse(query);
            Assert.Equal(TreeText.Of(expr), TreeText.Of(Parse(expr.ToString())));
            Assert.Equal(TreeText.Of(expr), TreeText.Of(Parse(expr.Pretty())));
        }
    }

    [Fact]
    public void Every_node_lies_inside_its_parent_and_the_query()
    {
        foreach (string query in ValidQueries(seed: 7, count: 2000, depth: 4))
        {
            CheckRanges(Parse(query), new PositionRange(0, System.Text.Encoding.UTF8.GetByteCount(query)), query);
        }
    }

    [Fact]
    public void A_query_cut_at_any_byte_parses_or_fails_cleanly()
    {
        var generator = new QueryGenerator(Fuzz.Random(42));
        for (int i = 0; i < 150; i++)
        {
            byte[] query = System.Text.Encoding.UTF8.GetBytes(generator.Query(depth: 4));
            for (int length = 0; length < query.Length; length++)
            {
                CheckAny(System.Text.Encoding.UTF8.GetString(query, 0, length));
            }
        }
    }

    [Fact]
    public void A_mutated_query_parses_or_fails_cleanly()
    {
        var random = Fuzz.Random(1234);
        var generator = new QueryGenerator(random);
        for (int i = 0; i < Fuzz.Rounds(8_000); i++)
        {
            CheckAny(Mutate(random, generator.Query(depth: 3), generator.Query(depth: 2)));
        }
    }

    [Fact]
    public void A_mutated_series_description_parses_or_fails_cleanly()
    {
        string[] seeds =
        [
            "metric{a=\"b\", \"c.d\"='e'} 1 2+3x4 _ _x2 stale -1-2x3 NaN Inf 1e3",
            "{} {{schema:1 sum:-0.3 count:3.1 z_bucket:7 z_bucket_w:0.05 buckets:[5.1 10 -7] offset:-3 n_buckets:[4.1 5] n_offset:5 counter_reset_hint:gauge}}x2",
            "m {{schema:-53 custom_values:[1 2 3] buckets:[1 2]}}+{{schema:-53 custom_values:[1 3] buckets:[1 NaN]}}x3",
            "m {{buckets:[5 10 7] schema:1}}-{{buckets:[1 2 3] schema:1}}x2 {{ }}",
        ];
        var random = Fuzz.Random(99);
        for (int i = 0; i < Fuzz.Rounds(8_000); i++)
        {
            string description = Mutate(random, seeds[random.Next(seeds.Length)], seeds[random.Next(seeds.Length)]);
            CheckFails(description, () => PromQlParser.ParseSeriesDescription(description));
        }
    }

    private static IEnumerable<string> ValidQueries(int seed, int count, int depth)
    {
        var generator = new QueryGenerator(new Random(seed));
        int valid = 0;
        for (int tried = 0; valid < count; tried++)
        {
            Assert.True(tried < 2 * count, "most queries must be valid");
            string query = generator.Query(depth);
            if (IsValid(query))
            {
                valid++;
                yield return query;
            }
        }
    }

    private static bool IsValid(string query)
    {
        try
        {
            PromQlParser.ParseExpression(query, ParserOptions.Everything);
            return true;
        }
        catch (PromQlParseException)
        {
            return false;
        }
    }

    private static Expr Parse(string query)
    {
        try
        {
            return PromQlParser.ParseExpression(query, ParserOptions.Everything);
        }
        catch (PromQlParseException e)
        {
            throw new InvalidOperationException($"{query}\n{e.Message}", e);
        }
    }

    private static string Mutate(Random random, string query, string other)
    {
        const string Tokens = "(){}[]:,+-*/%^=!~<>@\"'`\\x_# \n.0159eosmhdwyaf\uFFFD\u70ac";
        var text = new StringBuilder(query);
        for (int count = random.Next(1, 4); count > 0; count--)
        {
            int at = random.Next(text.Length + 1);
            switch (random.Next(5))
            {
                case 0:
                    text.Insert(at, Tokens[random.Next(Tokens.Length)]);
                    break;
                case 1 when at < text.Length:
                    text[at] = Tokens[random.Next(Tokens.Length)];
                    break;
                case 2:
                    text.Remove(at, random.Next(Math.Min(6, text.Length - at + 1)));
                    break;
                case 3:
                    text.Insert(at, other.AsSpan(random.Next(other.Length)));
                    break;
                default:
                    text.Insert(at, text.ToString(at, random.Next(Math.Min(12, text.Length - at + 1))));
                    break;
            }
        }

        return text.ToString();
    }

    /// <summary>Parses in all ways; what parses must print and parse again.</summary>
    private static void CheckAny(string query)
    {
        CheckFails(query, () => PromQlParser.ParseSelector(query));
        CheckFails(query, () => PromQlParser.ParseMetric(query));
        CheckFails(query, () => PromQlParser.ParseExpression(query, ParserOptions.Default));
        CheckFails(query, () =>
        {
            Expr expr = PromQlParser.ParseExpression(query, ParserOptions.Everything);
            Parse(expr.ToString());
            Parse(expr.Pretty());
        });
    }

    private static void CheckFails(string query, Action parse)
    {
        int length = System.Text.Encoding.UTF8.GetByteCount(query);
        try
        {
            parse();
        }
        catch (PromQlParseException e)
        {
            Assert.All(e.Errors, error => Assert.True(
                error.Message.Length > 0 && error.PositionRange.Start >= 0 && error.PositionRange.Start <= length,
                $"{query}: {error}"));
        }
        catch (Exception e) when (e is not Xunit.Sdk.XunitException)
        {
            Assert.Fail($"{query}\n{e}");
        }
    }

    private static void CheckRanges(Expr expr, PositionRange outer, string query)
    {
        PositionRange range = expr.PositionRange;
        Assert.True(
            range.Start >= outer.Start && range.Start < range.End && range.End <= outer.End,
            $"{expr} {range} in {outer} of {query}");
        foreach (Expr child in TreeText.Children(expr))
        {
            // Modifiers behind brackets belong to the whole expression; those inside it were checked with their own parent.
            CheckRanges(child, range, query);
        }
    }
}
