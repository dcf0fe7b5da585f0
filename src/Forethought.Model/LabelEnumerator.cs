namespace Forethought.Model;

/// <summary>Walks the labels of a packed set in order of name, without allocating.</summary>
public ref struct LabelEnumerator(ReadOnlySpan<byte> packed)
{
    private readonly ReadOnlySpan<byte> _packed = packed;
    private int _offset;

    /// <summary>The label that the last successful <see cref="MoveNext"/> reached.</summary>
    public Label Current { get; private set; }

    /// <summary>Moves to the next label; false at the end.</summary>
    public bool MoveNext()
    {
        if (_offset >= _packed.Length)
            return false;
        ReadOnlySpan<byte> name = PackedLabels.ReadString(_packed, ref _offset);
        Current = new Label(name, PackedLabels.ReadString(_packed, ref _offset));
        return true;
    }

    /// <summary>This enumerator, so that it can stand in a <c>foreach</c> over packed bytes.</summary>
    public readonly LabelEnumerator GetEnumerator() => this;
}
