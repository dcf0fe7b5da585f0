namespace Forethought.PromQL.Functions;

/// <summary>Reduces the floats of one window to one; a struct, so that the call is inlined into the loop over the steps.</summary>
internal interface IWindowReducer
{
    /// <param name="values">At least one.</param>
    /// <param name="times">Their times in milliseconds.</param>
    static abstract double Reduce(ReadOnlySpan<double> values, ReadOnlySpan<long> times);
}
