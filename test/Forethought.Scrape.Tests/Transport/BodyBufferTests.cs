using Forethought.Scrape.Transport;
using Xunit;

namespace Forethought.Scrape.Tests;

public sealed class BodyBufferTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(16 * 1024)]
    [InlineData(16 * 1024 + 1)]
    [InlineData(1_000_000)]
    public async Task Holds_a_stream_of_any_length_whatever_was_expected(int length)
    {
        byte[] bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        foreach (int expected in (int[])[0, length, 10 * length + 1])
        {
            using var body = new BodyBuffer(expected);
            await body.ReadAsync(new MemoryStream(bytes), BodyBuffer.MaxBytes, TestContext.Current.CancellationToken);
            Assert.Equal(length, body.Length);
            Assert.True(body.Written.SequenceEqual(bytes));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(999)]
    [InlineData(20_000)]
    public async Task Stops_at_the_limit(int limit)
    {
        var stream = new MemoryStream(new byte[50_000]);
        using var body = new BodyBuffer(0);
        await body.ReadAsync(stream, limit, TestContext.Current.CancellationToken);
        Assert.Equal((limit, (long)limit), (body.Length, stream.Position));
    }

    [Fact]
    public async Task The_newline_behind_it_is_not_part_of_it()
    {
        // As long as the buffer, so that the newline makes it grow.
        byte[] bytes = new byte[16 * 1024];
        bytes.AsSpan().Fill((byte)'x');
        using var body = new BodyBuffer(0);
        await body.ReadAsync(new MemoryStream(bytes), BodyBuffer.MaxBytes, TestContext.Current.CancellationToken);
        for (int i = 0; i < 2; i++)
        {
            Assert.True(body.WrittenAndNewline.SequenceEqual([.. bytes, (byte)'\n']));
            Assert.Equal(bytes.Length, body.Length);
        }
    }

    [Fact]
    public async Task A_stream_that_fails_passes_its_error_on()
    {
        using var body = new BodyBuffer(0);
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await body.ReadAsync(new MemoryStream(new byte[10]), 100, cancelled.Token));
        Assert.Equal(0, body.Length);
    }
}
