using Forethought.Model;

namespace Forethought.PromQL.Syntax;

/// <summary>One value of a series in series notation.</summary>
/// <param name="Value">The value of a float sample.</param>
/// <param name="Omitted">Whether there is no sample at this place (<c>_</c>).</param>
/// <param name="Histogram">The histogram sample, if it is one; values that repeat share it, so it must not be changed.</param>
/// <param name="CounterResetHintSet">Whether the notation gave the histogram a counter reset hint, so that it is to be compared.</param>
public readonly record struct SeriesValue(double Value, bool Omitted, FloatHistogram? Histogram, bool CounterResetHintSet);
