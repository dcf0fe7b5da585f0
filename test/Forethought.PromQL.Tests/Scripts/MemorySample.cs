using Forethought.Model;

namespace Forethought.PromQL.Tests.Scripts;

/// <summary>A sample: a float, or a histogram if there is one.</summary>
internal readonly record struct MemorySample(long TimeMs, long StartTimeMs, double Value, FloatHistogram? Histogram);
