namespace Forethought.Web;

/// <summary>Passes writes on and counts their bytes; reading and seeking are not possible.</summary>
internal sealed class CountingStream(Stream inner) : Stream
{
    public long Count { get; private set; }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException("a response body has no length yet");

    public override long Position
    {
        get => Count;
        set => throw new NotSupportedException("a response body cannot be rewound");
    }

    public override void Flush() => inner.Flush();

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("a response body cannot be read");

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException("a response body cannot be rewound");

    public override void SetLength(long value) => throw new NotSupportedException("a response body cannot be cut");

    public override void Write(byte[] buffer, int offset, int count)
    {
        inner.Write(buffer, offset, count);
        Count += count;
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Count += buffer.Length;
        return inner.WriteAsync(buffer, cancellationToken);
    }
}
