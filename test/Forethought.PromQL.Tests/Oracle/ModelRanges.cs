namespace Forethought.PromQL.Tests.Oracle;

/// <summary>
/// Functions of the samples of one window, written as the documentation of PromQL tells them and without any regard for speed.
/// <c>null</c> is no result.
/// </summary>
internal static class ModelRanges
{
    public static double? Evaluate(string function, double parameter, long startMs, long endMs, List<(long TimeMs, double Value)> window)
    {
        double[] values = [.. window.Select(static sample => sample.Value)];
        if (values.Length == 0)
            return null;
        return function switch
        {
            "rate" => Extrapolated(window, startMs, endMs, isCounter: true) / ((endMs - startMs) / 1000.0),
            "increase" => Extrapolated(window, startMs, endMs, isCounter: true),
            "delta" => Extrapolated(window, startMs, endMs, isCounter: false),
            "irate" => LastTwo(window, isCounter: true),
            "idelta" => LastTwo(window, isCounter: false),
            "sum_over_time" => values.Sum(),
            "avg_over_time" => values.Sum() / values.Length,
            "min_over_time" => Extreme(values, Math.Min),
            "max_over_time" => Extreme(values, Math.Max),
            "count_over_time" => values.Length,
            "last_over_time" => values[^1],
            "present_over_time" => 1,
            "stddev_over_time" => Math.Sqrt(Variance(values)),
            "stdvar_over_time" => Variance(values),
            "quantile_over_time" => Quantile(parameter, values),
            "changes" => Pairs(values).Count(static pair => pair.Now != pair.Before && !(double.IsNaN(pair.Now) && double.IsNaN(pair.Before))),
            "resets" => Pairs(values).Count(static pair => pair.Now < pair.Before),
            "deriv" => values.Length < 2 ? null : Slope(window),
            _ => throw new InvalidOperationException(function),
        };
    }

    public static double Extreme(IEnumerable<double> values, Func<double, double, double> choose)
    {
        double[] numbers = [.. values.Where(static value => !double.IsNaN(value))];
        return numbers.Length == 0 ? double.NaN : numbers.Aggregate(choose);
    }

    public static double Variance(double[] values)
    {
        if (!values.All(double.IsFinite))
            return double.NaN;
        double mean = values.Sum() / values.Length;
        return values.Sum(value => (value - mean) * (value - mean)) / values.Length;
    }

    /// <summary>NaN is smaller than any number.</summary>
    public static double Quantile(double q, double[] values)
    {
        double[] sorted = [.. values.Order()];
        double rank = q * (sorted.Length - 1);
        int lower = (int)Math.Floor(rank);
        int upper = Math.Min(sorted.Length - 1, lower + 1);
        double weight = rank - lower;
        return (sorted[lower] * (1 - weight)) + (sorted[upper] * weight);
    }

    private static IEnumerable<(double Before, double Now)> Pairs(double[] values) => values.Zip(values.Skip(1));

    private static double? Extrapolated(List<(long TimeMs, double Value)> window, long startMs, long endMs, bool isCounter)
    {
        if (window.Count < 2)
            return null;
        (long firstMs, double first) = window[0];
        (long lastMs, double last) = window[^1];
        double increase = last - first;
        if (isCounter)
            increase += Pairs([.. window.Select(static sample => sample.Value)]).Where(static pair => pair.Now < pair.Before).Sum(static pair => pair.Before);

        double sampled = (lastMs - firstMs) / 1000.0;
        double average = sampled / (window.Count - 1);
        double toStart = (firstMs - startMs) / 1000.0;
        double toEnd = (endMs - lastMs) / 1000.0;
        if (toStart >= average * 1.1)
            toStart = average / 2;
        if (toEnd >= average * 1.1)
            toEnd = average / 2;
        if (isCounter && increase > 0 && first >= 0)
            toStart = Math.Min(toStart, sampled * (first / increase));
        return increase * ((sampled + toStart + toEnd) / sampled);
    }

    private static double? LastTwo(List<(long TimeMs, double Value)> window, bool isCounter)
    {
        if (window.Count < 2)
            return null;
        (long beforeMs, double before) = window[^2];
        (long lastMs, double last) = window[^1];
        double difference = isCounter && last < before ? last : last - before;
        return isCounter ? difference / ((lastMs - beforeMs) / 1000.0) : difference;
    }

    /// <summary>The slope of the line with the least squares.</summary>
    private static double Slope(List<(long TimeMs, double Value)> window)
    {
        double meanTime = window.Average(static sample => sample.TimeMs / 1000.0);
        double meanValue = window.Average(static sample => sample.Value);
        double products = window.Sum(sample => ((sample.TimeMs / 1000.0) - meanTime) * (sample.Value - meanValue));
        double squares = window.Sum(sample => Math.Pow((sample.TimeMs / 1000.0) - meanTime, 2));
        return products / squares;
    }
}
