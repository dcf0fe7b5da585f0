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
    private const string Cut = "unexpected EOF";

    /// <summary>Reads until the end or until <paramref name="limit"/> bytes are there.</summary>
    /// <exception cref="ScrapeException">The stream is not gzip, damaged or cut; the message is that of Go's reader.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public static async ValueTask ReadAsync(BodyBuffer body, Stream compressed, int limit, CancellationToken cancellationToken)
    {
        var member = new MemberStream(compressed);
        var inflater = new GZipStream(member, CompressionMode.Decompress);
        try
        {
            await using (inflater.ConfigureAwait(false))
                await body.ReadAsync(inflater, limit, cancellationToken).ConfigureAwait(false);
        }
        catch (InvalidDataException e)
        {
            throw new ScrapeException(member.Damage, e);
        }

        if (body.Length < limit && !member.EndsWith(body.Length))
            throw new ScrapeException(member.IsEmpty ? "EOF" : Cut);
    }

    /// <summary>
    /// Passes a gzip member on, its last eight bytes, checksum and length, only when all else was inflated: what the inflater then
    /// complains about is the checksum.
    /// </summary>
    private sealed class MemberStream(Stream source) : Stream
    {
        private const int HeaderLength = 10;
        private const int TrailerLength = 8;

        // Header, an empty block, trailer.
        private const int MinLength = HeaderLength + 2 + TrailerLength;

        private readonly byte[] _trailer = new byte[TrailerLength];
        private int _held;
        private long _length;
        private bool _isAtEnd;
        private bool _isGzip;

        public bool IsEmpty => _length == 0;

        public string Damage
        {
            get
            {
                if (_length < HeaderLength)
                    return Cut;
                if (!_isGzip)
                    return "gzip: invalid header";
                return _isAtEnd && _length >= MinLength ? "gzip: invalid checksum" : "flate: corrupt input";
            }
        }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        /// <summary>Whether the member is whole and says that so many bytes come out of it.</summary>
        public bool EndsWith(int length) =>
            _length >= MinLength && BinaryPrimitives.ReadUInt32LittleEndian(_trailer.AsSpan(4)) == (uint)length;

        [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            int passed = 0;
            while (passed == 0 && !_isAtEnd)
            {
                int read = await source.ReadAsync(buffer[_held..], cancellationToken).ConfigureAwait(false);
                passed = Pass(buffer.Span, read);
            }

            return passed;
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        /// <summary>Puts what was held before what was read and holds the end back; returns how many bytes are there to be passed on.</summary>
        private int Pass(Span<byte> buffer, int read)
        {
            _trailer.AsSpan(0, _held).CopyTo(buffer);
            int there = _held + read;
            if (_length < HeaderLength && there >= HeaderLength)
                _isGzip = buffer.StartsWith((ReadOnlySpan<byte>)[0x1f, 0x8b, 8]);
            _length += read;
            _isAtEnd = read == 0;
            if (_isAtEnd)
                return there;
            _held = Math.Min(there, TrailerLength);
            buffer.Slice(there - _held, _held).CopyTo(_trailer);
            return there - _held;
        }
    }
}
