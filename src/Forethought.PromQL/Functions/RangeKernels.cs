using Forethought.PromQL.Execution;

namespace Forethought.PromQL.Functions;

/// <summary>The functions of range vectors by name.</summary>
internal static class RangeKernels
{
    /// <summary>A kernel for the function of an anchored or smoothed selector.</summary>
    /// <exception cref="PromQlException">The function does not go with the modifier.</exception>
    public static RangeKernel CreateExtended(string name, bool smoothed) => name switch
    {
        "rate" => new ExtendedRateKernel(isCounter: true, isRate: true, smoothed),
        "increase" => new ExtendedRateKernel(isCounter: true, isRate: false, smoothed),
        "delta" => new ExtendedRateKernel(isCounter: false, isRate: false, smoothed),
        "changes" when !smoothed => new ChangeKernel(resets: false, anchored: true),
        "resets" when !smoothed => new ChangeKernel(resets: true, anchored: true),
        _ => throw new PromQlException(smoothed
            ? $"smoothed modifier can only be used with: delta, increase, rate - not with {name}"
            : $"anchored modifier can only be used with: changes, delta, increase, rate, resets - not with {name}"),
    };

    /// <summary>A kernel for the function with a name, null if there is none of this kind.</summary>
    /// <param name="name">The function.</param>
    /// <param name="steps">The steps of the grid.</param>
    public static RangeKernel? Create(string name, int steps) => name switch
    {
        "rate" => new RateKernel(steps, isCounter: true, isRate: true),
        "increase" => new RateKernel(steps, isCounter: true, isRate: false),
        "delta" => new RateKernel(steps, isCounter: false, isRate: false),
        "irate" => new InstantDeltaKernel(isRate: true),
        "idelta" => new InstantDeltaKernel(isRate: false),
        "avg_over_time" => new SumOverTimeKernel(isMean: true),
        "sum_over_time" => new SumOverTimeKernel(isMean: false),
        "min_over_time" => new ReducingKernel<MinReducer>(),
        "max_over_time" => new ReducingKernel<MaxReducer>(),
        "stdvar_over_time" => new ReducingKernel<VarianceReducer>(),
        "stddev_over_time" => new ReducingKernel<DeviationReducer>(),
        "ts_of_min_over_time" => new ReducingKernel<TimeOfMinReducer>(),
        "ts_of_max_over_time" => new ReducingKernel<TimeOfMaxReducer>(),
        "count_over_time" => new CountKernel(presence: false, absence: false),
        "present_over_time" => new CountKernel(presence: true, absence: false),
        "absent_over_time" => new CountKernel(presence: true, absence: true),
        "quantile_over_time" => new QuantileOverTimeKernel(isDeviation: false),
        "mad_over_time" => new QuantileOverTimeKernel(isDeviation: true),
        "first_over_time" => new PickKernel(last: false, time: false),
        "last_over_time" => new PickKernel(last: true, time: false),
        "ts_of_first_over_time" => new PickKernel(last: false, time: true),
        "ts_of_last_over_time" => new PickKernel(last: true, time: true),
        "changes" => new ChangeKernel(resets: false, anchored: false),
        "resets" => new ChangeKernel(resets: true, anchored: false),
        "deriv" => new RegressionKernel(predicts: false),
        "predict_linear" => new RegressionKernel(predicts: true),
        "double_exponential_smoothing" => new SmoothingKernel(),
        _ => null,
    };
}
