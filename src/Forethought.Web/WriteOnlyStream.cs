namespace Forethought.Web;

/// <summary>A response body: only asynchronous writing is possible.</summary>
internal abstract class WriteOnlyStream : Stream
{
    public sealed override bool CanRead => false;

    public sealed override bool CanSeek => false;

    public sealed override bool CanWrite => true;

    public sealed override long Length => throw new NotSupportedException("a response body has no length yet");

    public sealed override long Position
    {
        get => throw new NotSupportedException("a response body has no position");
        set => throw new NotSupportedException("a response body cannot be rewound");
    }

    public sealed override void Flush() => throw new NotSupportedException("a response body is flushed asynchronously");

    public sealed override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("a response body cannot be read");

    public sealed override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException("a response body cannot be rewound");

    public sealed override void SetLength(long value) => throw new NotSupportedException("a response body cannot be cut");

    public sealed override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("a response body is written asynchronously");

    public sealed override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public abstract override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default);
}
