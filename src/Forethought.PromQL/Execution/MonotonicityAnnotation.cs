using System.Globalization;
using Forethought.PromQL.Syntax;

namespace Forethought.PromQL.Execution;

/// <summary>Says that counts of classic buckets decreased: over which buckets and times, how much at most, and how often.</summary>
internal sealed class MonotonicityAnnotation(string text, PositionRange position, long timeMs, double minBucket, double maxBucket, double maxDifference)
    : Annotation(isInfo: true, text, position)
{
    private long _minTimeMs = timeMs;
    private long _maxTimeMs = timeMs;
    private double _minBucket = minBucket;
    private double _maxBucket = maxBucket;
    private double _maxDifference = maxDifference;
    private long _count = 1;

    public override void Merge(Annotation other)
    {
        base.Merge(other);
        var later = (MonotonicityAnnotation)other;
        _minTimeMs = Math.Min(_minTimeMs, later._minTimeMs);
        _maxTimeMs = Math.Max(_maxTimeMs, later._maxTimeMs);
        _minBucket = Math.Min(_minBucket, later._minBucket);
        _maxBucket = Math.Max(_maxBucket, later._maxBucket);
        _maxDifference = Math.Max(_maxDifference, later._maxDifference);
        _count += later._count;
    }

    protected override string Details() => string.Create(
        CultureInfo.InvariantCulture,
        $", from buckets {NumberText.General(_minBucket)} to {NumberText.General(_maxBucket)}, with a max diff of {FormatTwoDigits(_maxDifference)}, over {_count} samples from {Rfc3339(_minTimeMs)} to {Rfc3339(_maxTimeMs)}");

    // Go's %.2g.
    private static string FormatTwoDigits(double value)
    {
        double rounded = double.Parse(value.ToString("E1", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        if (!double.IsFinite(rounded) || Math.Abs(rounded) is >= 1e6 or < 100)
            return NumberText.General(rounded);
        return rounded.ToString("0.#e+00", CultureInfo.InvariantCulture);
    }

    private static string Rfc3339(long timeMs) =>
        DateTimeOffset.FromUnixTimeSeconds(timeMs / 1000).UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
}
