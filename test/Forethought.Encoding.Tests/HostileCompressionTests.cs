using Forethought.Testing;

namespace Forethought.Encoding.Tests;

/// <summary>
/// Compressed bytes, damaged: read from and expanded into memory behind which nothing can be touched, within the limit that the caller
/// sets, and leaving a decoder that goes on to work.
/// </summary>
public sealed class HostileCompressionTests : IDisposable
{
    private const int LongestInput = 64 << 10;
    private const int MaxExpanded = 100 << 10;

    private readonly GuardedMemory _source = new(LongestInput);
    private readonly GuardedMemory _destination = new(MaxExpanded);
    private readonly ZstdDecoder _zstd = new();

    private static byte[][] Frames =>
    [
        ZstdFrames.Empty, ZstdFrames.One, ZstdFrames.Zeros, ZstdFrames.TextFast, ZstdFrames.TextLevel1, ZstdFrames.TextLevel19,
        ZstdFrames.LettersLevel19WithoutChecksum, ZstdFrames.FewLetters, .. Contents.Select(content => new ZstdEncoder().Compress(content).ToArray()),
    ];

    // Noise, text that repeats itself near and far, and a run.
    private static IEnumerable<byte[]> Contents
    {
        get
        {
            var random = new Random(5);
            byte[] noise = new byte[700];
            random.NextBytes(noise);
            yield return noise;
            yield return [.. noise, .. new byte[3000], .. noise];
            yield return [.. Enumerable.Range(0, 4000).Select(i => (byte)"http_requests_total{code=\"200\"} "[i % (7 + i / 500)])];
        }
    }

    public void Dispose()
    {
        _source.Dispose();
        _destination.Dispose();
    }

    [Fact]
    public void Snappy_blocks_expand_within_bounds_or_are_refused()
    {
        HostileInput input = Input([.. Contents.Select(Compress)], ExpandSnappy);
        input.Cut(step: 5);
        input.Mutate(500, 60_000);
    }

    [Fact]
    public void Zstd_frames_expand_within_bounds_or_are_refused()
    {
        HostileInput input = Input(Frames, ExpandZstd);
        input.Cut(step: 11);
        input.Mutate(501, 30_000);
    }

    /// <summary>Without a checksum every change comes to what is behind it.</summary>
    [Fact]
    public void Zstd_frames_without_checksum_expand_within_bounds_or_are_refused() =>
        Input([ZstdFrames.LettersLevel19WithoutChecksum, .. Contents.Select(content => new ZstdEncoder().Compress(content).ToArray())], ExpandZstd)
            .Mutate(502, 30_000);

    // Refusal is a status. A decoder's buffer grows up to the limit, by doubling.
    private static HostileInput Input(byte[][] seeds, Action<byte[]> expand) => new()
    {
        Seeds = seeds,
        Decode = expand,
        IsDocumented = _ => false,
        AllocatedAlways = 2 * MaxExpanded,
        AllocatedPerByte = 0,
    };

    private void ExpandSnappy(byte[] block)
    {
        ReadOnlySpan<byte> source = _source.Holding(block);
        SnappyStatus status = Snappy.ReadLength(source, MaxExpanded, out int length);
        Span<byte> destination = _destination.Last(length);
        SnappyStatus expanded = Snappy.Decompress(source, destination, out int written);
        if (status != SnappyStatus.Ok)
            Assert.NotEqual(SnappyStatus.Ok, expanded);
        Assert.Equal(expanded == SnappyStatus.Ok ? length : 0, written);
    }

    private void ExpandZstd(byte[] frame)
    {
        ZstdStatus status = _zstd.Decompress(_source.Holding(frame), MaxExpanded, out ReadOnlySpan<byte> content);
        Assert.InRange(content.Length, 0, MaxExpanded);
        Assert.True(status == ZstdStatus.Ok || content.IsEmpty);

        // Nothing of the damage lingers.
        Assert.Equal(ZstdStatus.Ok, _zstd.Decompress(ZstdFrames.One, MaxExpanded, out content));
        Assert.Equal((byte)'a', content[0]);
    }

    private static byte[] Compress(byte[] content)
    {
        byte[] block = new byte[Snappy.MaxCompressedLength(content.Length)];
        return block[..Snappy.Compress(content, block)];
    }
}
