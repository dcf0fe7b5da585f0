using Forethought.Testing;

namespace Forethought.Http.Tests;

public sealed class WholeFileTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(100_000)]
    public async Task Reads_files_of_any_length(int length)
    {
        byte[] content = new byte[length];
        new Random(1).NextBytes(content);
        string path = _directory.File("x");
        File.WriteAllBytes(path, content);
        Assert.Equal(content, WholeFile.Read(path));
        Assert.Equal(content, await WholeFile.ReadAsync(path, TestContext.Current.CancellationToken));
    }

    // The writer cuts the file to nothing and fills it again, as a shell's redirection does.
    [Fact]
    public async Task Takes_what_is_there_when_a_file_is_being_rewritten()
    {
        string path = _directory.File("x");
        byte[] content = [.. Enumerable.Repeat((byte)'x', 200_000)];
        File.WriteAllBytes(path, content);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        Task writing = Task.Run(() =>
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
            while (!stop.IsCancellationRequested)
            {
                file.SetLength(0);
                file.Position = 0;
                file.Write(content);
            }
        }, CancellationToken.None);
        for (int i = 0; i < 2_000; i++)
        {
            Assert.DoesNotContain(WholeFile.Read(path), b => b is not ((byte)'x' or 0));
            await WholeFile.ReadAsync(path, stop.Token);
        }

        await stop.CancelAsync();
        await writing;
    }

    [Fact]
    public void Says_that_a_file_is_not_there() => Assert.Throws<FileNotFoundException>(() => WholeFile.Read(_directory.File("none")));
}
