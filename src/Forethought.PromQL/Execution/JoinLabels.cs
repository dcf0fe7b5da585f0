using Forethought.Model;
using Forethought.PromQL.Syntax;

namespace Forethought.PromQL.Execution;

/// <summary>Makes the labels of a joined series.</summary>
internal sealed class JoinLabels
{
    private readonly LabelProjection? _dropMetadata;
    private readonly LabelProjection? _match;
    private readonly byte[][] _include;
    private readonly LabelsBuilder _builder = new();

    public JoinLabels(VectorMatching matching, bool dropMetadata)
    {
        _dropMetadata = dropMetadata ? LabelProjection.DroppingMetadata() : null;
        if (matching.Cardinality == VectorMatchCardinality.OneToOne)
        {
            _match = matching.On
                ? LabelProjection.Keeping(matching.MatchingLabels)
                : LabelProjection.Dropping(matching.MatchingLabels);
        }

        _include = [.. matching.Include.Select(System.Text.Encoding.UTF8.GetBytes)];
    }

    /// <summary>
    /// The labels of the side with many series; of a one-to-one match those matched by, and of many-to-one the included ones as
    /// the other side has them, or not at all. Valid until the next call.
    /// </summary>
    public ReadOnlySpan<byte> Combine(ReadOnlySpan<byte> many, ReadOnlySpan<byte> one)
    {
        ReadOnlySpan<byte> labels = many;
        if (_dropMetadata is not null)
            labels = _dropMetadata.Apply(labels);
        if (_match is not null)
            labels = _match.Apply(labels);
        if (_include.Length == 0)
            return labels;
        _builder.Reset(labels);
        foreach (byte[] name in _include)
            _builder.Set(name, PackedLabels.Get(one, name));
        return _builder.Pack();
    }
}
