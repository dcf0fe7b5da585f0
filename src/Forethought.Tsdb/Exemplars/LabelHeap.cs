using Forethought.Tsdb.Memory;

namespace Forethought.Tsdb.Exemplars;

/// <summary>Packed labels in native memory that is used again: the garbage collector does not see how many there are.</summary>
/// <remarks>Bounds: whoever stores keeps address and length together and asks with both, until the piece is freed. Empty labels have
/// no address.</remarks>
internal sealed unsafe class LabelHeap(NativeAllocator allocator) : IDisposable
{
    private readonly SmallHeap _heap = new(allocator, MemoryPurpose.Exemplars);

    /// <summary>Copies labels and returns where they are.</summary>
    public nint Store(ReadOnlySpan<byte> packed)
    {
        if (packed.IsEmpty)
            return 0;
        byte* piece = _heap.Allocate(packed.Length);
        packed.CopyTo(new Span<byte>(piece, packed.Length));
        return (nint)piece;
    }

    /// <summary>The labels at an address, valid until they are freed.</summary>
    public static ReadOnlySpan<byte> Read(nint address, int length) => new((void*)address, length);

    /// <summary>Gives labels back.</summary>
    public void Free(nint address, int length) => _heap.Free((void*)address, length);

    /// <inheritdoc/>
    public void Dispose() => _heap.Dispose();
}
