using Forethought.Model;

namespace Forethought.PromQL.Execution;

/// <summary>
/// Keeps or drops named labels of packed sets: the groups of aggregations, the signatures of joins, the dropping of metric
/// names. One pass over the set beside the sorted names. Not thread-safe.
/// </summary>
internal sealed class LabelProjection
{
    private readonly byte[][] _names;
    private readonly bool _keep;
    private byte[] _buffer = new byte[256];

    private LabelProjection(IEnumerable<byte[]> names, bool keep)
    {
        _names = [.. names];
        Array.Sort(_names, static (left, right) => left.AsSpan().SequenceCompareTo(right));
        _keep = keep;
    }

    /// <summary>Keeps only the named labels.</summary>
    public static LabelProjection Keeping(IEnumerable<string> names) => new(names.Select(System.Text.Encoding.UTF8.GetBytes), keep: true);

    /// <summary>Drops the named labels.</summary>
    public static LabelProjection Dropping(params IEnumerable<string> names) =>
        new(names.Select(System.Text.Encoding.UTF8.GetBytes), keep: false);

    /// <summary>Drops name, type and unit: what arithmetic takes away.</summary>
    public static LabelProjection DroppingMetadata() => Dropping("__name__", "__type__", "__unit__");

    /// <summary>The projected set, valid until the next call.</summary>
    public ReadOnlySpan<byte> Apply(ReadOnlySpan<byte> packed)
    {
        if (_buffer.Length < packed.Length)
            _buffer = new byte[2 * packed.Length];
        int length = 0;
        int next = 0;
        for (int offset = 0; offset < packed.Length;)
        {
            int start = offset;
            ReadOnlySpan<byte> name = PackedLabels.ReadString(packed, ref offset);
            PackedLabels.ReadString(packed, ref offset);
            int order = 1;
            while (next < _names.Length && (order = name.SequenceCompareTo(_names[next])) > 0)
                next++;
            bool named = next < _names.Length && order == 0;
            if (named != _keep)
                continue;
            packed[start..offset].CopyTo(_buffer.AsSpan(length));
            length += offset - start;
        }

        return _buffer.AsSpan(0, length);
    }
}
