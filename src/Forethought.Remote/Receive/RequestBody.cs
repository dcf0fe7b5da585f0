using System.Buffers;
using Forethought.Encoding;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Forethought.Remote.Receive;

/// <summary>
/// The body of a request in pooled buffers, as it came and expanded. No buffer is sized by what a peer merely claims: a body's
/// buffer grows with what arrives, and a Snappy block cannot declare more than its own bytes can expand to.
/// </summary>
internal sealed class RequestBody : IDisposable
{
    /// <summary>The most bytes of a body, compressed or expanded.</summary>
    public const int MaxLength = 32 * 1024 * 1024;

    private const int UnknownLengthBuffer = 64 * 1024;
    private const int MaxFirstBuffer = 1024 * 1024;

    private byte[] _buffer = [];
    private int _length;

    /// <summary>The body: what came, and after <see cref="Expand"/> what it expands to. Until <see cref="Dispose"/>.</summary>
    public ReadOnlySpan<byte> Content => _buffer.AsSpan(0, _length);

    /// <summary>Reads the whole body.</summary>
    public async ValueTask<RemoteWriteRejection?> ReadAsync(HttpRequest request)
    {
        // The limit is checked here, so that the answer says which it is.
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } serverLimit)
            serverLimit.MaxRequestBodySize = null;
        // One byte more than the body has, so that its end is seen without growing.
        int expected = (int)Math.Min(request.ContentLength ?? UnknownLengthBuffer, MaxFirstBuffer);
        _buffer = ArrayPool<byte>.Shared.Rent(expected + 1);
        try
        {
            int read;
            while ((read = await request.Body.ReadAsync(_buffer.AsMemory(_length)).ConfigureAwait(false)) > 0)
            {
                _length += read;
                if (_length > MaxLength)
                {
                    return new RemoteWriteRejection(
                        StatusCodes.Status413PayloadTooLarge, $"request body exceeds the {MaxLength} bytes limit");
                }

                if (_length == _buffer.Length)
                    Grow();
            }

            return null;
        }
        catch (IOException e)
        {
            return new RemoteWriteRejection(StatusCodes.Status400BadRequest, e.Message);
        }
    }

    /// <summary>Replaces the body, a Snappy block, by what it expands to.</summary>
    public RemoteWriteRejection? Expand()
    {
        SnappyStatus status = Snappy.ReadLength(Content, MaxLength, out int length);
        if (status == SnappyStatus.Ok)
        {
            byte[] expanded = ArrayPool<byte>.Shared.Rent(length);
            status = Snappy.Decompress(Content, expanded.AsSpan(0, length), out _);
            Replace(expanded, length);
        }

        return status switch
        {
            SnappyStatus.Ok => null,
            SnappyStatus.TooLarge => new RemoteWriteRejection(
                StatusCodes.Status400BadRequest, $"decoded size exceeds the {MaxLength} bytes limit"),
            _ => new RemoteWriteRejection(StatusCodes.Status400BadRequest, "snappy: corrupt input"),
        };
    }

    /// <inheritdoc/>
    public void Dispose() => Replace([], 0);

    private void Grow()
    {
        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Min(2 * _buffer.Length, MaxLength + 1));
        Content.CopyTo(larger);
        Replace(larger, _length);
    }

    private void Replace(byte[] buffer, int length)
    {
        if (_buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = buffer;
        _length = length;
    }
}
