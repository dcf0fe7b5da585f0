using System.IO.Compression;
using Forethought.Scrape.Transport;
using Forethought.Testing;
using Xunit;

namespace Forethought.Scrape.Tests;

// The texts are those of Go's compress/gzip: ErrHeader, ErrChecksum, io.EOF, io.ErrUnexpectedEOF.
public sealed class GzipBodyTests
{
    private const int NoLimit = 1 << 24;

    private static readonly byte[] Exposition = System.Text.Encoding.ASCII.GetBytes(
        string.Concat(Enumerable.Range(0, 3000).Select(i => $"metric_{i % 7}{{a=\"{i}\"}} {i * 31}\n")));

    [Theory]
    [InlineData(CompressionLevel.Optimal)]
    [InlineData(CompressionLevel.Fastest)]
    [InlineData(CompressionLevel.NoCompression)]
    public async Task Inflates_what_comes_in_pieces_of_any_size(CompressionLevel level)
    {
        byte[] compressed = Compress(Exposition, level);
        foreach (int piece in (int[])[1, 7, 8, 9, 4096, int.MaxValue])
            Assert.Equal(Exposition, await Inflate(compressed, NoLimit, piece));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5)]
    public async Task Inflates_bodies_of_hardly_any_bytes(int length) =>
        Assert.Equal(Exposition[..length], await Inflate(Compress(Exposition[..length])));

    [Fact]
    public async Task Inflates_a_stream_with_a_file_name_in_its_header()
    {
        // RFC 1952: flag FNAME, then the name with a zero behind it, where the plain header has none.
        byte[] plain = Compress(Exposition);
        byte[] named = [.. plain.AsSpan(0, 3), 8, .. plain.AsSpan(4, 6), .. "metrics.txt\0"u8, .. plain.AsSpan(10)];
        Assert.Equal(Exposition, await Inflate(named));
    }

    [Fact]
    public async Task A_stream_cut_anywhere_is_refused()
    {
        byte[] compressed = Compress(Exposition[..200]);
        for (int length = 1; length < compressed.Length; length++)
            Assert.Equal((length, "unexpected EOF"), (length, await Error(compressed[..length])));
        Assert.Equal("EOF", await Error([]));
    }

    [Fact]
    public async Task A_wrong_checksum_or_length_is_refused()
    {
        byte[] compressed = Compress(Exposition);
        for (int fromEnd = 1; fromEnd <= 8; fromEnd++)
        {
            byte[] damaged = (byte[])compressed.Clone();
            damaged[^fromEnd] ^= 1;
            Assert.Equal((fromEnd, "gzip: invalid checksum"), (fromEnd, await Error(damaged)));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task What_does_not_begin_like_gzip_is_refused(int index)
    {
        byte[] damaged = Compress(Exposition);
        damaged[index]++;
        Assert.Equal("gzip: invalid header", await Error(damaged));
    }

    [Fact]
    public async Task Not_one_flipped_bit_gets_through()
    {
        Random random = Fuzz.Random(1);
        byte[] text = Exposition[..500];
        byte[] compressed = Compress(text);
        for (int round = Fuzz.Rounds(300); round > 0; round--)
        {
            byte[] damaged = (byte[])compressed.Clone();
            // Bytes 3 to 9 of the header (flags, time, system) do not change what comes out, or only whether it does.
            damaged[random.Next(10, damaged.Length)] ^= (byte)(1 << random.Next(8));
            string? error = await Error(damaged);
            Assert.Contains(error, (string[])["flate: corrupt input", "gzip: invalid checksum", "unexpected EOF"]);
        }
    }

    [Fact]
    public async Task Several_members_in_a_row_are_refused() =>
        Assert.Equal("unexpected EOF", await Error([.. Compress(Exposition), .. Compress(Exposition[..100])]));

    [Theory]
    [InlineData(1)]
    [InlineData(1000)]
    [InlineData(1 << 20)]
    public async Task A_bomb_is_inflated_to_the_limit_only(int limit)
    {
        byte[] bomb = Compress(new byte[64 << 20]);
        Assert.InRange(bomb.Length, 0, 80_000);
        byte[] inflated = await Inflate(bomb, limit);
        Assert.Equal(limit, inflated.Length);
    }

    [Fact]
    public async Task A_body_that_just_fits_the_limit_was_read_to_its_end()
    {
        byte[] compressed = Compress(Exposition);
        Assert.Equal(Exposition, await Inflate(compressed, Exposition.Length + 1));
        // At the limit the rest does not matter any more: the scrape fails whatever it is.
        Assert.Equal(Exposition, await Inflate(compressed[..^8], Exposition.Length));
    }

    private static byte[] Compress(byte[] text, CompressionLevel level = CompressionLevel.Optimal)
    {
        var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, level, leaveOpen: true))
            gzip.Write(text);
        // The runtime writes nothing at all for nothing; Go writes header, an empty block and trailer.
        return text.Length == 0
            ? [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff, 1, 0, 0, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 0, 0]
            : compressed.ToArray();
    }

    private static async Task<byte[]> Inflate(byte[] compressed, int limit = NoLimit, int piece = int.MaxValue)
    {
        using var body = new BodyBuffer(0);
        await GzipBody.ReadAsync(body, new PieceStream(compressed, piece), limit, TestContext.Current.CancellationToken);
        return body.Written.ToArray();
    }

    private static async Task<string?> Error(byte[] compressed)
    {
        try
        {
            await Inflate(compressed);
            return null;
        }
        catch (ScrapeException e)
        {
            return e.Message;
        }
    }

    /// <summary>Gives out at most so many bytes at a time, as a network does.</summary>
    private sealed class PieceStream(byte[] bytes, int piece) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(piece, buffer.Length)], cancellationToken);
    }
}
