using System.Buffers.Binary;
using System.IO.Compression;

namespace Forethought.Scrape.Transport;

/// <summary>
/// Inflates a body. The runtime's inflater takes the end of its input for the end of the data, even in the middle of a block, so the length
/// at the end of the stream (RFC 1952, ISIZE) is held against what came out.
/// </summary>
/// <remarks>Bodies of several members in a row are refused: no server compresses expositions so, and cut ones could not be told apart.</remarks>
internal static class GzipBody
{
    /// <summary>Reads until the end or until <paramref name="limit"/> bytes are there.</summary>
    /// <exception cref="InvalidDataException">The stream is not gzip, or it is cut.</exception>
    public static async Task ReadAsync(BodyBuffer body, Stream compressed, int limit, CancellationToken cancellationToken)
    {
        var tail = new TailStream(compressed);
        var inflater = new GZipStream(tail, CompressionMode.Decompress);
        await using (inflater.ConfigureAwait(false))
            await body.ReadAsync(inflater, limit, cancellationToken).ConfigureAwait(false);
        if (body.Length < limit && tail.LastWord != (uint)body.Length)
            throw new InvalidDataException("the compressed stream is cut");
    }

    /// <summary>Passes a stream on and remembers its last four bytes.</summary>
    private sealed class TailStream(Stream source) : Stream
    {
        private readonly byte[] _last = new byte[4];

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
            int count = Math.Min(bytes.Length, _last.Length);
            _last.AsSpan(count).CopyTo(_last);
            bytes[^count..].CopyTo(_last.AsSpan(_last.Length - count));
        }
    }
}
