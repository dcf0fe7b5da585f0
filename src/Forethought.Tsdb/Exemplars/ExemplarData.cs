using Forethought.Model;

namespace Forethought.Tsdb.Exemplars;

/// <summary>An exemplar on its way into the ring.</summary>
internal readonly ref struct ExemplarData(ReadOnlySpan<byte> packedLabels, double value, long timeMs, bool hasTime)
{
    public ExemplarData(Exemplar exemplar)
        : this(exemplar.Labels.Packed, exemplar.Value, exemplar.TimeMs, exemplar.HasTime)
    {
    }

    public ReadOnlySpan<byte> PackedLabels { get; } = packedLabels;

    public double Value { get; } = value;

    public long TimeMs { get; } = timeMs;

    /// <summary>Whether the time came with the exemplar.</summary>
    public bool HasTime { get; } = hasTime;
}
