namespace Forethought.PromQL.Tests.Oracle;

/// <summary>
/// Random queries over the metrics of <see cref="ModelData"/>. What is compared or ranked is not calculated before, so that the
/// last bit of a sum does not decide what comes out.
/// </summary>
internal sealed class ModelQueries(Random random)
{
    private static readonly string[] OverTime =
    [
        "rate", "increase", "delta", "irate", "idelta", "sum_over_time", "avg_over_time", "min_over_time", "max_over_time",
        "count_over_time", "last_over_time", "present_over_time", "stddev_over_time", "stdvar_over_time", "changes", "resets",
    ];

    public string Vector(int depth)
    {
        if (depth <= 0)
            return Selector();
        return random.Next(11) switch
        {
            0 => Selector(),
            1 or 2 => Function(depth),
            3 or 4 => $"{Pick("sum", "avg", "min", "max", "count", "group", "stddev", "stdvar")}{Grouping()} ({Vector(depth - 1)})",
            5 => $"{Pick("topk", "bottomk")}{Grouping()} ({Pick("1", "2", "3")}, {Selector("distinct")})",
            6 => $"quantile{Grouping()} ({Pick("0", "0.25", "0.5", "0.9", "1")}, {Vector(depth - 1)})",
            7 => $"({Vector(depth - 1)}) {Pick("+", "-", "*", "/")} {Matching(true)}({Vector(depth - 1)})",
            8 => $"{Exact()} {Pick("==", "!=", "<", "<=", ">", ">=")} {Pick("", "bool ")}{Matching(true)}{Exact()}",
            9 => $"({Vector(depth - 1)}) {Pick("and", "or", "unless")} {Matching(false)}({Vector(depth - 1)})",
            _ => Single(depth),
        };
    }

    private string Single(int depth) => random.Next(7) switch
    {
        0 => $"(-({Vector(depth - 1)}))",
        1 => $"abs({Vector(depth - 1)})",
        2 => $"({Vector(depth - 1)}) {Pick("+", "-", "*", "/")} {Scalar()}",
        3 => $"{Scalar()} {Pick("+", "-", "*", "%", "atan2")} {Selector()}",
        4 => $"{Exact()} {Pick("==", "!=", "<", ">=")} {Pick("", "bool ")}{Scalar()}",
        5 => $"timestamp({Selector()})",
        _ => $"absent({Exact()} > 100) or ({Vector(depth - 1)})",
    };

    private string Function(int depth) => random.Next(4) switch
    {
        0 => $"quantile_over_time({Pick("0", "0.5", "0.95", "1")}, {Range(depth)})",
        1 => $"deriv({Series("distinct")}[{Duration()}]{Time()})",
        _ => $"{Pick(OverTime)}({Range(depth)})",
    };

    private string Range(int depth) => random.Next(3) == 0
        ? $"({Vector(depth - 1)})[{Duration()}:{Pick("30s", "1m", "47s", "2m")}]{Time()}"
        : $"{Series()}[{Duration()}]{Time()}";

    private string Exact() => random.Next(3) switch
    {
        0 => $"max_over_time({Series()}[{Duration()}])",
        1 => $"count_over_time({Series()}[{Duration()}])",
        _ => Selector(),
    };

    private string Selector(string? metric = null) => Series(metric) + Time();

    private string Series(string? metric = null) =>
        (metric ?? Pick("counter_total", "gauge", "distinct")) + Pick("", "", "{a=\"1\"}", "{a!=\"1\"}", "{b=~\"x|z\"}", "{a=~\"[12]\",b!=\"y\"}", "{c=\"\"}");

    private string Time() => random.Next(6) switch
    {
        0 => $" offset {Pick("30s", "-1m", "7m", "1m13s")}",
        1 => $" @ {Pick("600", "1234.5", "start()", "end()")}",
        2 => $" @ {Pick("900", "end()")} offset 90s",
        _ => "",
    };

    private string Grouping() => Pick("", " by (a)", " by (b, c)", " by ()", " without (a)", " without (b, c)", " without ()");

    private string Matching(bool grouping) => grouping && random.Next(2) == 0
        ? Pick("on (a) group_left () ", "on (a) group_left (b) ", "on (a, b) group_right (c) ", "ignoring (c) group_left () ", "ignoring (b, c) group_right () ", "on () group_left () ")
        : Pick("", "on (a) ", "on (a, b) ", "ignoring (c) ", "ignoring (b, c) ");

    private string Scalar() => Pick("2", "0.5", "100", "time()", "scalar(gauge{a=\"1\",b=\"x\"})", "(3 - 7)");

    private string Duration() => Pick("1m", "90s", "2m30s", "5m", "17m", "3s");

    private string Pick(params string[] choices) => choices[random.Next(choices.Length)];
}
