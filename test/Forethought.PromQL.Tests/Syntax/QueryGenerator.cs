using System.Globalization;

namespace Forethought.PromQL.Tests.Syntax;

/// <summary>
/// Makes random queries, with white space, comments, keyword case, redundant parentheses and every kind of node, from a seed. Values
/// are scalars or instant vectors as asked for, so that the queries also pass the type checker.
/// </summary>
internal sealed class QueryGenerator(Random random)
{
    private static readonly string[] SomeNames = ["a", "http_requests_total", "job:rate:5m", "sum", "offset", "start", "fill", "by", "max_of", "anchored", "A_1"];
    private static readonly string[] SomeLabels = ["job", "le", "by", "on", "offset", "\"a.b\"", "'x y'", "inf_", "group_left", "`\\`"];
    private static readonly string[] SomeStrings = ["\"\"", "\"x\"", "'it\\'s'", "`raw \\ text`", "\"\\u70ac\\n\\x41\\101\"", "\"日本\"", "\"a|b.*\""];
    private static readonly string[] SomeDurations = ["5m", "1h30m", "30s", "1d", "90", "1y2w3d", "15ms", "0x1f", "1_000", "2.5", "1e2"];
    private static readonly string[] SomeNumbers = ["1", "0.5", ".5", "5.", "1e3", "2.5e-7", "0x1F", "017", "nan", "1_000.5", "3m", "1h", "123456789012345678"];
    private static readonly string[] SomeArithmetic = ["+", "-", "*", "/", "%", "^", "atan2"];
    private static readonly string[] SomeComparisons = ["==", "!=", "<", "<=", ">", ">="];
    private static readonly string[] SomeSets = ["and", "OR", "unless"];

    internal string Query(int depth) => (random.Next(4) == 0 ? Scalar(depth) : Vector(depth)) + Space();

    private string Vector(int depth) => Space() + (depth <= 0 ? Selector() : random.Next(14) switch
    {
        0 or 1 => Selector(),
        2 => $"({Vector(depth - 1)}{Space()})",
        3 => $"{Pick("-", "+")}{Vector(depth - 1)}",
        4 => $"{Pick("abs", "ceil", "histogram_avg", "timestamp", "sort_desc")}({Vector(depth - 1)})",
        5 => $"{Pick("rate", "max_over_time", "absent_over_time", "mad_over_time")}({Matrix(depth - 1)})",
        6 => $"clamp({Vector(depth - 1)},{Scalar(depth - 1)}, {Scalar(depth - 1)})",
        7 => $"label_replace({Vector(depth - 1)}, {String()}, {String()}, {String()}, {String()})",
        8 => $"{Pick("sum", "AVG", "count", "group", "stddev")}{Grouping(before: true)}({Vector(depth - 1)})",
        9 => $"{Pick("topk", "quantile", "limit_ratio")}({Scalar(depth - 1)},{Vector(depth - 1)}){Grouping(before: false)}",
        10 => $"count_values({String()}, {Vector(depth - 1)})",
        11 => $"{Vector(depth - 1)} {Pick(SomeSets)} {SetMatching()}{Vector(depth - 1)}",
        12 => $"{Vector(depth - 1)} {Pick(SomeComparisons)} {Bool()}{Matching()}{Vector(depth - 1)}",
        _ => $"{Vector(depth - 1)} {Pick(SomeArithmetic)} {(random.Next(2) == 0 ? Matching() + Vector(depth - 1) : Scalar(depth - 1))}",
    });

    private string Scalar(int depth) => Space() + (depth <= 0 ? Pick(SomeNumbers) : random.Next(7) switch
    {
        0 => Pick(SomeNumbers),
        1 => $"({Scalar(depth - 1)})",
        2 => $"{Pick("-", "+")}{Scalar(depth - 1)}",
        3 => $"scalar({Vector(depth - 1)})",
        4 => $"{Pick("time", "pi", "step", "start", "end", "range")}()",
        5 => $"{Scalar(depth - 1)} {Pick(SomeComparisons)} bool {Scalar(depth - 1)}",
        _ => $"{Scalar(depth - 1)} {Pick(SomeArithmetic)} {Scalar(depth - 1)}",
    });

    private string Matrix(int depth) => random.Next(3) == 0
        // A colon is only understood where some duration has been written before.
        ? $"({Vector(depth)})[{Pick(SomeDurations)}{Pick("", " + " + Duration(2))}:{(random.Next(2) == 0 ? Duration(1) : "")}]{At()}{Offset()}"
        : $"{Series()}[{Duration(2)}]{Pick("", "", " anchored", " SMOOTHED")}{At()}{Offset()}";

    private string Selector()
    {
        // An offset in parentheses would take an arithmetic operator behind it as its own.
        string selector = Series() + At() + Pick("", "", "", " anchored", " smoothed") + Offset();
        return selector.EndsWith(')') ? $"({selector})" : selector;
    }

    private string Series() => random.Next(3) switch
    {
        0 => Pick(SomeNames),
        1 => $"{Pick(SomeNames)}{{{Matchers()}}}",
        _ => $"{{{Pick("\"my.metric\"", "job=\"x\"", "__name__=~\"a.+\"")},{Matchers()}}}",
    };

    private string Matchers() => string.Join(Space() + "," + Space(), Enumerable.Range(0, random.Next(3)).Select(
        _ => Pick(SomeLabels) + Space() + Pick("=", "!=", "=~", "!~") + Space() + Pick(SomeStrings[1], SomeStrings[4], SomeStrings[5], SomeStrings[6])))
        is { Length: > 0 } matchers ? matchers + Pick("", ",") : "";

    private string At() => random.Next(4) switch
    {
        0 => $" @ {random.Next(-5, 2_000_000_000).ToString(CultureInfo.InvariantCulture)}{Pick("", ".5", ".125")}",
        1 => $" @ {Pick("start()", "end( )")}",
        _ => "",
    };

    private string Offset() => random.Next(4) switch
    {
        0 => $" offset {Pick("", "-", "+")}{Pick(SomeDurations)}",
        1 => $" OFFSET {Pick("", "-")}({Duration(2)})",
        _ => "",
    };

    private string Duration(int depth) => Pick("", " ", "\n") + (depth <= 0 ? Pick(SomeDurations) : random.Next(8) switch
    {
        0 => $"({Duration(depth - 1)})",
        1 => $"{Pick("step", "range")}()",
        2 => $"{Pick("min_of", "MAX_OF")}({Duration(depth - 1)},{Duration(depth - 1)})",
        3 or 4 => $"{Duration(depth - 1)} {Pick("+", "-", "*", "/", "%", "^")} {Duration(depth - 1)}",
        5 => $"-step() + {Duration(depth - 1)}",
        _ => Pick(SomeDurations),
    });

    private string Grouping(bool before) =>
        random.Next(2) == 0 ? "" : $" {Pick("by", "WITHOUT")} ({Labels()}){(before ? " " : "")}";

    private string Labels() => string.Join(", ", Enumerable.Range(0, random.Next(3)).Select(_ => Pick(SomeLabels))) is { Length: > 0 } labels
        ? labels + Pick("", ",")
        : "";

    private string SetMatching() => random.Next(2) == 0 ? "" : $"{Pick("on", "ignoring")} ({Labels()}) ";

    private string Matching() => random.Next(4) switch
    {
        0 => SetMatching(),
        1 => $"on ({Pick(SomeLabels[0], "")}) {Pick("group_left", "GROUP_RIGHT")} ({Pick("x", "x, y", "")}) ",
        2 => $"{Pick("fill (0)", "fill_left(-1.5)", "fill_right(1e6) fill_left(2)", "fill_left(3) fill_right(3)")} ",
        _ => "",
    };

    private string Bool() => Pick("", "", "bool ");

    private string String() => Pick(SomeStrings);

    private string Space() => Pick("", "", "", " ", "\n\t", " # note\n ");

    private string Pick(params string[] choices) => choices[random.Next(choices.Length)];
}
