namespace Forethought.Web;

/// <summary>Passes writes on and counts their bytes.</summary>
internal sealed class CountingStream(Stream inner) : WriteOnlyStream
{
    /// <summary>The bytes written so far.</summary>
    public long Count { get; private set; }

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Count += buffer.Length;
        return inner.WriteAsync(buffer, cancellationToken);
    }
}
