namespace Forethought.Encoding.Tests;

public sealed class ZstdEncoderTests
{
    private readonly ZstdEncoder _encoder = new();
    private readonly ZstdDecoder _decoder = new();

    [Theory]
    [InlineData("", "28B52FFDA000000000010000")]
    [InlineData("616263", "28B52FFDA003000000190000616263")]
    public void Short_content_is_stored_as_it_is(string content, string frame) =>
        Assert.Equal(frame, Convert.ToHexString(_encoder.Compress(Convert.FromHexString(content))));

    [Fact]
    public void What_is_compressed_expands_to_what_it_was()
    {
        var random = new Random(41);
        for (int round = 0; round < 400; round++)
        {
            byte[] content = Content(random, random.Next(1 << random.Next(1, 17)));
            AssertRoundTrip(content);
        }
    }

    [Theory]
    [InlineData(128 * 1024 - 1)]
    [InlineData(128 * 1024)]
    [InlineData(128 * 1024 + 1)]
    [InlineData(500_000)]
    public void Content_of_several_blocks_expands_to_what_it_was(int length)
    {
        AssertRoundTrip(new byte[length]);
        AssertRoundTrip(Content(new Random(length), length));
        byte[] noise = new byte[length];
        new Random(length).NextBytes(noise);
        AssertRoundTrip(noise);
    }

    [Fact]
    public void Many_sequences_and_long_lengths_have_their_codes()
    {
        // 32,000 matches in a block need the three-byte count; a run of 100,000 the longest code.
        byte[] many = new byte[131_072];
        for (int i = 0; i < many.Length; i++)
            many[i] = (byte)(i % 4 == 0 ? i / 4 % 3 : 7);
        AssertRoundTrip(many);
        AssertRoundTrip([1, .. new byte[100_000], 2, .. new byte[60_000]]);
    }

    [Fact]
    public void Repetition_is_found()
    {
        byte[] text = System.Text.Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 400).Select(i => $"metric_{i % 17} {i * i % 97}\n")));
        Assert.InRange(_encoder.Compress(text).Length, 1, text.Length / 2);
    }

    [Fact]
    public void Content_that_does_not_compress_grows_by_the_headers_alone()
    {
        byte[] noise = new byte[300_000];
        new Random(1).NextBytes(noise);
        Assert.Equal(noise.Length + 9 + 3 * 3, _encoder.Compress(noise).Length);
    }

    private static byte[] Content(Random random, int length)
    {
        byte[] content = new byte[length];
        int alphabet = 1 + random.Next(40);
        for (int i = 0; i < length; i++)
            content[i] = i > 20 && random.Next(3) > 0 ? content[i - 1 - random.Next(20)] : (byte)random.Next(alphabet);
        return content;
    }

    private void AssertRoundTrip(byte[] content)
    {
        byte[] frame = _encoder.Compress(content).ToArray();
        Assert.Equal(ZstdStatus.Ok, _decoder.Decompress(frame, content.Length, out ReadOnlySpan<byte> expanded));
        Assert.True(expanded.SequenceEqual(content), $"{content.Length} bytes came out changed");
        Assert.True(frame.Length <= content.Length + 9 + 3 * (content.Length / (128 * 1024) + 1));
    }
}
