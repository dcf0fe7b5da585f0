using System.Buffers;
using System.Runtime.CompilerServices;

namespace Forethought.Scrape.Transport;

/// <summary>A response's body in memory, lent by the pool while its scrape lasts.</summary>
internal sealed class BodyBuffer : IDisposable
{
    /// <summary>No exposition is larger, whatever is configured: what a target sends without end must end somewhere.</summary>
    public const int MaxBytes = 1 << 30;

    private const int MinBytes = 16 * 1024;

    private byte[] _bytes;

    /// <summary>Rents a buffer.</summary>
    /// <param name="expected">How large the last body was.</param>
    public BodyBuffer(int expected) => _bytes = ArrayPool<byte>.Shared.Rent(Math.Clamp(expected + expected / 16, MinBytes, MaxBytes));

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    /// <summary>The body with a newline behind it.</summary>
    public ReadOnlySpan<byte> WrittenAndNewline
    {
        get
        {
            Reserve(1);
            _bytes[Length] = (byte)'\n';
            return _bytes.AsSpan(0, Length + 1);
        }
    }

    /// <summary>Reads a stream to its end, or until <paramref name="limit"/> bytes are there.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask ReadAsync(Stream stream, int limit, CancellationToken cancellationToken)
    {
        while (Length < limit)
        {
            Reserve(1);
            Memory<byte> room = _bytes.AsMemory(Length, Math.Min(_bytes.Length, limit) - Length);
            int read = await stream.ReadAsync(room, cancellationToken).ConfigureAwait(false);
            if (read == 0)
                return;
            Length += read;
        }
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
    }

    private void Reserve(int more)
    {
        if (_bytes.Length - Length >= more)
            return;
        byte[] grown = ArrayPool<byte>.Shared.Rent(Length + Math.Max(Length, more));
        Written.CopyTo(grown);
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = grown;
    }
}
