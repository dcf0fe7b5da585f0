namespace Forethought.Web;

/// <summary>Passes writes on to a stream that can be thrown away and begun anew as long as nothing of it went out.</summary>
internal sealed class RestartableStream(Func<Stream> open) : WriteOnlyStream
{
    private Stream _inner = open();

    /// <summary>Forgets what was written. The old stream is left to its finalizer: disposing it would write its end.</summary>
    public void Restart() => _inner = open();

    /// <summary>Writes the end of the stream.</summary>
    public ValueTask FinishAsync() => _inner.DisposeAsync();

    public override Task FlushAsync(CancellationToken cancellationToken) => _inner.FlushAsync(cancellationToken);

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        _inner.WriteAsync(buffer, cancellationToken);
}
