namespace Forethought.Encoding.Tests;

public sealed class ZstdDecoderTests
{
    private readonly ZstdDecoder _decoder = new();

    public static TheoryData<byte[], byte[]> Frames => new()
    {
        { ZstdFrames.Empty, [] },
        { ZstdFrames.One, "a"u8.ToArray() },
        { ZstdFrames.Zeros, new byte[100_000] },
        { ZstdFrames.TextFast, Text(400) },
        { ZstdFrames.TextLevel1, Text(400) },
        { ZstdFrames.TextLevel19, Text(400) },
        { ZstdFrames.LettersLevel19WithoutChecksum, Letters(900) },
        { ZstdFrames.FewLetters, Letters(200) },
        { ZstdFrames.LongTextLevel19, Text(30_000) },
    };

    [Theory]
    [MemberData(nameof(Frames))]
    public void Expands_what_the_reference_implementation_wrote(byte[] frame, byte[] content)
    {
        Assert.Equal(ZstdStatus.Ok, _decoder.Decompress(frame, 1 << 20, out ReadOnlySpan<byte> expanded));
        Assert.True(expanded.SequenceEqual(content));
    }

    [Theory]
    // Frames by hand (RFC 8878): magic 28B52FFD, a descriptor of single segment (20) and length, blocks of 3 bytes of header.
    [InlineData("28B52FFD 20 03 190000 616263", "abc")]
    [InlineData("28B52FFD 20 04 230000 61", "aaaa")]
    [InlineData("28B52FFD 20 05 180000 616263 110000 6465", "abcde")]
    [InlineData("28B52FFD 00 58 190000 616263", "abc")]
    [InlineData("522A4D18 04000000 DEADBEEF 28B52FFD 20 01 090000 61", "a")]
    [InlineData("28B52FFD 20 01 090000 61 28B52FFD 20 01 090000 62", "ab")]
    // A block of three raw literals (18) and no sequences.
    [InlineData("28B52FFD 20 03 2D0000 18 616263 00", "abc")]
    // A block of five repeated literals (29) and no sequences.
    [InlineData("28B52FFD 20 05 1D0000 29 61 00", "aaaaa")]
    public void Expands_frames_written_by_hand(string hex, string content)
    {
        Assert.Equal(ZstdStatus.Ok, _decoder.Decompress(Hex(hex), 100, out ReadOnlySpan<byte> expanded));
        Assert.Equal(content, System.Text.Encoding.ASCII.GetString(expanded));
    }

    [Theory]
    [InlineData("28")]
    [InlineData("28B52FFE 20 00 010000")] // another magic number
    [InlineData("28B52FFD 28 00 010000")] // a reserved bit
    [InlineData("28B52FFD 20 04 190000 616263")] // another length than declared
    [InlineData("28B52FFD 20 03 180000 616263")] // no last block
    [InlineData("28B52FFD 20 03 1F0000 616263")] // a reserved type of block
    [InlineData("28B52FFD 24 03 190000 616263 00000000")] // a wrong checksum
    [InlineData("28B52FFD A0 00000200 110010 61")] // a block of more than 128 KiB
    [InlineData("522A4D18 FFFFFFFF 00")]
    [InlineData("28B52FFD 20 03 150000 03 0000")] // a literals section that ends early
    [InlineData("28B52FFD 20 03 2D0000 18 616263 01")] // a sequence, but no tables
    public void Refuses_what_is_no_frame(string hex)
    {
        Assert.Equal(ZstdStatus.Corrupt, _decoder.Decompress(Hex(hex), 1 << 20, out ReadOnlySpan<byte> content));
        Assert.True(content.IsEmpty);
    }

    [Fact]
    public void A_dictionary_is_not_guessed() =>
        Assert.Equal(ZstdStatus.NeedsDictionary, _decoder.Decompress(Hex("28B52FFD 21 07 03 190000 616263"), 100, out _));

    [Fact]
    public void No_more_is_expanded_than_allowed()
    {
        Assert.Equal(ZstdStatus.TooLarge, _decoder.Decompress(ZstdFrames.Zeros, 99_999, out ReadOnlySpan<byte> content));
        Assert.True(content.IsEmpty);
        Assert.Equal(ZstdStatus.Ok, _decoder.Decompress(ZstdFrames.Zeros, 100_000, out content));
        Assert.Equal(100_000, content.Length);
    }

    [Theory]
    [MemberData(nameof(Frames))]
    public void Every_cut_is_refused(byte[] frame, byte[] content)
    {
        Assert.NotNull(content);
        for (int length = 1; length < frame.Length; length++)
            Assert.Equal(ZstdStatus.Corrupt, _decoder.Decompress(frame.AsSpan(0, length), 1 << 20, out _));
    }

    [Theory]
    [MemberData(nameof(Frames))]
    public void Flipped_bits_are_refused_or_expand_within_the_limit(byte[] frame, byte[] content)
    {
        var random = new Random(content.Length);
        for (int round = 0; round < 2000; round++)
        {
            byte[] damaged = [.. frame];
            for (int flips = random.Next(1, 4); flips > 0; flips--)
                damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
            ZstdStatus status = _decoder.Decompress(damaged, content.Length + 10, out ReadOnlySpan<byte> expanded);
            Assert.InRange(expanded.Length, 0, content.Length + 10);
            Assert.True(status == ZstdStatus.Ok || expanded.IsEmpty);
        }

        // Nothing of that lingers.
        Expands_what_the_reference_implementation_wrote(frame, content);
    }

    [Fact]
    public void A_warm_decoder_keeps_its_tables_and_buffers()
    {
        byte[] frame = ZstdFrames.TextLevel19;
        _decoder.Decompress(frame, 1 << 20, out _);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 20; i++)
            _decoder.Decompress(frame, 1 << 20, out _);
        // Builds without optimisation have a few small temporaries; the output alone would be 5 KB a call.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 20 * 512);
    }

    private static byte[] Hex(string hex) => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));

    private static byte[] Text(int lines) => System.Text.Encoding.ASCII.GetBytes(
        string.Concat(Enumerable.Range(0, lines).Select(i => $"metric_{i % 17} {(long)i * i % 97}\n")));

    private static byte[] Letters(int count)
    {
        byte[] letters = new byte[count];
        uint state = 12345;
        for (int i = 0; i < count; i++)
        {
            state = (state * 1103515245 + 12345) & 0x7fffffff;
            letters[i] = "eeeeetttaaoinshrdlucmf"u8[(int)((state >> 16) % 22)];
        }

        return letters;
    }
}
