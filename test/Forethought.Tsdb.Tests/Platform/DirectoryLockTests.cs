using Forethought.Testing;
using Forethought.Tsdb.Platform;

namespace Forethought.Tsdb.Tests.Platform;

public sealed class DirectoryLockTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Creates_the_directory_and_removes_the_file_when_released()
    {
        string path = _directory.File("new/data");
        using (DirectoryLock held = DirectoryLock.Take(path))
        {
            Assert.False(held.ReplacedLeftover);
            Assert.True(File.Exists(Path.Combine(path, "lock")));
        }

        Assert.False(File.Exists(Path.Combine(path, "lock")));
    }

    [Fact]
    public void Tells_that_a_process_before_did_not_end_cleanly()
    {
        File.WriteAllText(_directory.File("lock"), "");
        using DirectoryLock held = DirectoryLock.Take(_directory.Path);
        Assert.True(held.ReplacedLeftover);
    }

    [Fact]
    public void Is_exclusive_and_can_be_taken_again_after_release()
    {
        DirectoryLock held = DirectoryLock.Take(_directory.Path);
        IOException error = Assert.Throws<IOException>(() => DirectoryLock.Take(_directory.Path));
        Assert.StartsWith("lock DB directory: ", error.Message, StringComparison.Ordinal);
        held.Dispose();
        DirectoryLock.Take(_directory.Path).Dispose();
    }

    [Fact]
    public void A_place_where_none_can_be_is_told_in_the_same_words()
    {
        Directory.CreateDirectory(_directory.File("lock"));
        IOException error = Assert.Throws<IOException>(() => DirectoryLock.Take(_directory.Path));
        Assert.StartsWith("lock DB directory: ", error.Message, StringComparison.Ordinal);
    }
}
