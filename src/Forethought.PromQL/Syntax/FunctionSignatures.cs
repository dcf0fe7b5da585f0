using System.Collections.Frozen;

namespace Forethought.PromQL.Syntax;

/// <summary>The functions of the language.</summary>
public static class FunctionSignatures
{
    private const ExprType Scalar = ExprType.Scalar;
    private const ExprType Vector = ExprType.Vector;
    private const ExprType Matrix = ExprType.Matrix;
    private const ExprType Text = ExprType.String;

    /// <summary>All functions by name. Names are case-sensitive.</summary>
    public static FrozenDictionary<string, FunctionSignature> ByName { get; } = Build();

    private static FrozenDictionary<string, FunctionSignature> Build()
    {
        var functions = new List<FunctionSignature>();
        Add("abs", Vector, [Vector]);
        Add("absent", Vector, [Vector]);
        Add("absent_over_time", Vector, [Matrix]);
        Add("acos", Vector, [Vector]);
        Add("acosh", Vector, [Vector]);
        Add("asin", Vector, [Vector]);
        Add("asinh", Vector, [Vector]);
        Add("atan", Vector, [Vector]);
        Add("atanh", Vector, [Vector]);
        Add("avg_over_time", Vector, [Matrix]);
        Add("ceil", Vector, [Vector]);
        Add("changes", Vector, [Matrix]);
        Add("clamp", Vector, [Vector, Scalar, Scalar]);
        Add("clamp_max", Vector, [Vector, Scalar]);
        Add("clamp_min", Vector, [Vector, Scalar]);
        Add("cos", Vector, [Vector]);
        Add("cosh", Vector, [Vector]);
        Add("count_over_time", Vector, [Matrix]);
        Add("day_of_month", Vector, [Vector], variadic: 1);
        Add("day_of_week", Vector, [Vector], variadic: 1);
        Add("day_of_year", Vector, [Vector], variadic: 1);
        Add("days_in_month", Vector, [Vector], variadic: 1);
        Add("deg", Vector, [Vector]);
        Add("delta", Vector, [Matrix]);
        Add("deriv", Vector, [Matrix]);
        Add("double_exponential_smoothing", Vector, [Matrix, Scalar, Scalar], experimental: true);
        Add("end", Scalar, [], experimental: true);
        Add("exp", Vector, [Vector]);
        Add("first_over_time", Vector, [Matrix]);
        Add("floor", Vector, [Vector]);
        Add("histogram_avg", Vector, [Vector]);
        Add("histogram_count", Vector, [Vector]);
        Add("histogram_fraction", Vector, [Scalar, Scalar, Vector]);
        Add("histogram_quantile", Vector, [Scalar, Vector]);
        Add("histogram_quantiles", Vector, [Vector, Text, Scalar, Scalar], variadic: 9, experimental: true);
        Add("histogram_stddev", Vector, [Vector]);
        Add("histogram_stdvar", Vector, [Vector]);
        Add("histogram_sum", Vector, [Vector]);
        Add("hour", Vector, [Vector], variadic: 1);
        Add("idelta", Vector, [Matrix]);
        Add("increase", Vector, [Matrix]);
        Add("info", Vector, [Vector, Vector], variadic: 1, experimental: true);
        Add("irate", Vector, [Matrix]);
        Add("label_join", Vector, [Vector, Text, Text, Text], variadic: -1);
        Add("label_replace", Vector, [Vector, Text, Text, Text, Text]);
        Add("last_over_time", Vector, [Matrix]);
        Add("ln", Vector, [Vector]);
        Add("log10", Vector, [Vector]);
        Add("log2", Vector, [Vector]);
        Add("mad_over_time", Vector, [Matrix], experimental: true);
        Add("max_of", Scalar, [Scalar, Scalar], experimental: true);
        Add("max_over_time", Vector, [Matrix]);
        Add("min_of", Scalar, [Scalar, Scalar], experimental: true);
        Add("min_over_time", Vector, [Matrix]);
        Add("minute", Vector, [Vector], variadic: 1);
        Add("month", Vector, [Vector], variadic: 1);
        Add("pi", Scalar, []);
        Add("predict_linear", Vector, [Matrix, Scalar]);
        Add("present_over_time", Vector, [Matrix]);
        Add("quantile_over_time", Vector, [Scalar, Matrix]);
        Add("rad", Vector, [Vector]);
        Add("range", Scalar, [], experimental: true);
        Add("rate", Vector, [Matrix]);
        Add("resets", Vector, [Matrix]);
        Add("round", Vector, [Vector, Scalar], variadic: 1);
        Add("scalar", Scalar, [Vector]);
        Add("sgn", Vector, [Vector]);
        Add("sin", Vector, [Vector]);
        Add("sinh", Vector, [Vector]);
        Add("sort", Vector, [Vector]);
        Add("sort_by_label", Vector, [Vector, Text], variadic: -1, experimental: true);
        Add("sort_by_label_desc", Vector, [Vector, Text], variadic: -1, experimental: true);
        Add("sort_desc", Vector, [Vector]);
        Add("sqrt", Vector, [Vector]);
        Add("start", Scalar, [], experimental: true);
        Add("start_timestamp", Vector, [Vector], experimental: true);
        Add("stddev_over_time", Vector, [Matrix]);
        Add("stdvar_over_time", Vector, [Matrix]);
        Add("step", Scalar, [], experimental: true);
        Add("sum_over_time", Vector, [Matrix]);
        Add("tan", Vector, [Vector]);
        Add("tanh", Vector, [Vector]);
        Add("time", Scalar, []);
        Add("timestamp", Vector, [Vector]);
        Add("ts_of_first_over_time", Vector, [Matrix], experimental: true);
        Add("ts_of_last_over_time", Vector, [Matrix], experimental: true);
        Add("ts_of_max_over_time", Vector, [Matrix], experimental: true);
        Add("ts_of_min_over_time", Vector, [Matrix], experimental: true);
        Add("vector", Vector, [Scalar]);
        Add("year", Vector, [Vector], variadic: 1);
        return functions.ToFrozenDictionary(static function => function.Name);

        void Add(string name, ExprType returnType, ExprType[] argumentTypes, int variadic = 0, bool experimental = false) =>
            functions.Add(new FunctionSignature(name, argumentTypes, variadic, returnType, experimental));
    }
}
