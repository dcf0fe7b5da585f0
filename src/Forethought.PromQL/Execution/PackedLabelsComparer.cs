using Forethought.Encoding;
using Forethought.Model;

namespace Forethought.PromQL.Execution;

/// <summary>Compares label sets by their packed bytes and lets dictionaries be asked with a span.</summary>
internal sealed class PackedLabelsComparer : IEqualityComparer<Labels>, IAlternateEqualityComparer<ReadOnlySpan<byte>, Labels>
{
    public static PackedLabelsComparer Instance { get; } = new();

    public bool Equals(Labels x, Labels y) => x.Equals(y);

    public int GetHashCode(Labels obj) => GetHashCode(obj.Packed);

    public bool Equals(ReadOnlySpan<byte> alternate, Labels other) => alternate.SequenceEqual(other.Packed);

    public int GetHashCode(ReadOnlySpan<byte> alternate) => (int)XxHash64.Compute(alternate);

    public Labels Create(ReadOnlySpan<byte> alternate) => Labels.FromPacked(alternate);
}
