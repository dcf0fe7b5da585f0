namespace Forethought.Client;

/// <summary>Upper bounds for <see cref="HistogramOptions.Buckets"/>, without the one of +Inf.</summary>
public static class HistogramBuckets
{
    /// <summary>For the seconds a network service takes to answer: 5 ms to 10 s.</summary>
    public static IReadOnlyList<double> Default { get; } = [.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10];

    /// <summary>
    /// <paramref name="count"/> buckets, each <paramref name="width"/> wide, the first ending at <paramref name="start"/>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The count is below 1.</exception>
    public static IReadOnlyList<double> Linear(double start, double width, int count)
    {
        double[] bounds = Allocate(count, "LinearBuckets needs a positive count");
        for (int i = 0; i < bounds.Length; i++, start += width)
            bounds[i] = start;
        return bounds;
    }

    /// <summary>
    /// <paramref name="count"/> buckets, the first ending at <paramref name="start"/> (above 0), each next bound
    /// <paramref name="factor"/> (above 1) times the one before.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of its range.</exception>
    public static IReadOnlyList<double> Exponential(double start, double factor, int count)
    {
        double[] bounds = Allocate(count, "ExponentialBuckets needs a positive count");
        if (!(start > 0))
            throw new ArgumentOutOfRangeException(nameof(start), "ExponentialBuckets needs a positive start value");
        if (!(factor > 1))
            throw new ArgumentOutOfRangeException(nameof(factor), "ExponentialBuckets needs a factor greater than 1");
        for (int i = 0; i < bounds.Length; i++, start *= factor)
            bounds[i] = start;
        return bounds;
    }

    /// <summary>
    /// <paramref name="count"/> buckets from <paramref name="min"/> (above 0) to <paramref name="max"/>, evenly spaced by ratio:
    /// bound i is min · (max/min)^(i/(count−1)).
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of its range.</exception>
    public static IReadOnlyList<double> ExponentialRange(double min, double max, int count)
    {
        double[] bounds = Allocate(count, "ExponentialBucketsRange count needs a positive count");
        if (!(min > 0))
            throw new ArgumentOutOfRangeException(nameof(min), "ExponentialBucketsRange min needs to be greater than 0");
        double growth = Math.Pow(max / min, 1.0 / (count - 1));
        for (int i = 0; i < bounds.Length; i++)
            bounds[i] = min * Math.Pow(growth, i);
        return bounds;
    }

    private static double[] Allocate(int count, string message) =>
        count >= 1 ? new double[count] : throw new ArgumentOutOfRangeException(nameof(count), message);
}
