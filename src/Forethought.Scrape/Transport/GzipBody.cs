using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.CompilerServices;

namespace Forethought.Scrape.Transport;

/// <summary>
/// Inflates a body. The runtime's inflater takes the end of its input for the end of the data, even in the middle of a block, so the length
/// at the end of the stream (RFC 1952, ISIZE) is held against what came out.
/// </summary>
/// <remarks>
/// Bodies of several members in a row are refused: no server compresses expositions so, and cut ones could not be told apart.
/// </remarks>
internal static class GzipBody
{
    /// <summary>Reads until the end or until <paramref name="limit"/> bytes are there.</summary>
    /// <exception cref="ScrapeException">The stream is not gzip, damaged or cut; the message is that of Go's reader.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public static async ValueTask ReadAsync(BodyBuffer body, Stream compressed, int limit, CancellationToken cancellationToken)
    {
        var tail = new TailStream(compressed);
        var inflater = new GZipStream(tail, CompressionMode.Decompress);
        try
        {
            await using (inflater.ConfigureAwait(false))
                await body.ReadAsync(inflater, limit, cancellationToken).ConfigureAwait(false);
        }
        catch (InvalidDataException e)
        {
            throw new ScrapeException(tail.IsGzip ? "flate: corrupt input" : "gzip: invalid header", e);
        }

        if (body.Length < limit && (tail.IsTooShort || tail.LastWord != (uint)body.Length))
            throw new ScrapeException("unexpected EOF");
    }

    /// <summary>Passes a stream on and remembers its first two and last four bytes.</summary>
    private sealed class TailStream(Stream source) : Stream
    {
        private const ushort Magic = 0x8b1f;

        // Header, an empty block, checksum and length.
        private const int MinLength = 10 + 2 + 8;

        private readonly byte[] _last = new byte[4];
        private long _length;
        private ushort _first;

        public bool IsGzip => _length >= 2 && _first == Magic;

        public bool IsTooShort => _length < MinLength;

        public uint LastWord => BinaryPrimitives.ReadUInt32LittleEndian(_last);

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            int read = await source.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
            Remember(buffer.Span[..read]);
            return read;
        }

        public override int Read(byte[] buffer, int offset, int count)
        {
            int read = source.Read(buffer, offset, count);
            Remember(buffer.AsSpan(offset, read));
            return read;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        private void Remember(ReadOnlySpan<byte> bytes)
        {
            for (int i = 0; i < bytes.Length && _length + i < 2; i++)
                _first |= (ushort)(bytes[i] << (8 * (int)(_length + i)));
            _length += bytes.Length;
            int count = Math.Min(bytes.Length, _last.Length);
            _last.AsSpan(count).CopyTo(_last);
            bytes[^count..].CopyTo(_last.AsSpan(_last.Length - count));
        }
    }
}
