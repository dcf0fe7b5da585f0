using System.Buffers;

namespace Forethought.Client;

/// <summary>A growing byte buffer from the shared pool. Not thread-safe; what it handed out is invalid once it is disposed.</summary>
internal sealed class PooledBuffer : IBufferWriter<byte>, IDisposable
{
    private const int InitialSize = 64 * 1024;

    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(InitialSize);
    private int _used;

    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, _used);

    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)(_bytes.Length - _used), nameof(count));
        _used += count;
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(Math.Max(1, sizeHint));
        return _bytes.AsMemory(_used);
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public void Dispose()
    {
        if (_bytes.Length > 0)
            ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
        _used = 0;
    }

    private void Reserve(int count)
    {
        if (_bytes.Length - _used >= count)
            return;
        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(checked(_used + count), (int)Math.Min(_bytes.Length * 2L, Array.MaxLength)));
        _bytes.AsSpan(0, _used).CopyTo(larger);
        if (_bytes.Length > 0)
            ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = larger;
    }
}
