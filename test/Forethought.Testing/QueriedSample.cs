using System.Globalization;

namespace Forethought.Testing;

/// <summary>One float sample of an answer to a query.</summary>
/// <param name="Series">The labels as <c>name="value"</c>, in order of their names.</param>
/// <param name="TimestampMs">The time in milliseconds since 1970.</param>
/// <param name="Text">The value as the answer wrote it.</param>
public sealed record QueriedSample(string Series, long TimestampMs, string Text)
{
    /// <summary>The value.</summary>
    public double Value => Text switch
    {
        "+Inf" => double.PositiveInfinity,
        "-Inf" => double.NegativeInfinity,
        _ => double.Parse(Text, CultureInfo.InvariantCulture),
    };
}
