using Forethought.Testing;
using Forethought.Tsdb.Platform;
using Xunit;

namespace Forethought.Tsdb.Tests.Platform;

public sealed class FileSystemDirectoryTests : IDisposable
{
    private readonly TemporaryDirectory _temporary = new();
    private readonly FileSystemDirectory _directory;

    public FileSystemDirectoryTests() => _directory = new FileSystemDirectory(_temporary.File("data"));

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public void Files_are_written_and_read_by_position()
    {
        using (IStorageFile file = _directory.Create("a"))
        {
            file.Write("world"u8, 6);
            file.Write("hello "u8, 0);
            Assert.Equal(11, file.Length);
            file.Sync();
        }

        using IStorageFile again = _directory.Open("a", isWritable: false);
        byte[] buffer = new byte[20];
        Assert.Equal(5, again.Read(buffer, 6));
        Assert.Equal("world"u8.ToArray(), buffer[..5]);
        Assert.Equal(0, again.Read(buffer, 11));
        Assert.Equal(0, again.Read(buffer, 1000));
    }

    [Fact]
    public void Entries_are_listed_with_their_lengths_even_beside_a_link_to_nothing()
    {
        using (IStorageFile file = _directory.Create("a"))
            file.Write("abc"u8, 0);
        _directory.Create(".hidden").Dispose();
        _directory.GetDirectory("b");
        File.CreateSymbolicLink(_temporary.File("data/gone"), _temporary.File("nothing"));
        StorageEntry[] entries = [.. _directory.List().OrderBy(entry => entry.Name, StringComparer.Ordinal)];
        Assert.Equal([".hidden", "a", "b", "gone"], entries.Select(entry => entry.Name));
        Assert.Equal([0, 3, 0], entries[..3].Select(entry => entry.Length));
        Assert.Equal([false, false, true, false], entries.Select(entry => entry.IsDirectory));
    }

    [Fact]
    public void Creating_empties_a_file_that_exists()
    {
        using (IStorageFile file = _directory.Create("a"))
            file.Write("x"u8, 0);
        using IStorageFile again = _directory.Create("a");
        Assert.Equal(0, again.Length);
    }

    [Fact]
    public void A_mapping_outlives_the_open_file_and_stays_within_its_length()
    {
        IMappedFile mapping;
        using (IStorageFile file = _directory.Create("a"))
        {
            file.Write("abcdef"u8, 0);
            mapping = file.Map();
        }

        Assert.Equal(6, mapping.Length);
        Assert.Equal("cde"u8.ToArray(), mapping.Slice(2, 3).ToArray());
        Assert.Equal(0, mapping.Slice(6, 0).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => mapping.Slice(6, 1).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => mapping.Slice(-1, 1).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => mapping.Slice(0, -1).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => mapping.Slice(long.MaxValue, int.MaxValue).Length);
        mapping.Dispose();
        mapping.Dispose();
        Assert.Throws<ArgumentOutOfRangeException>(() => mapping.Slice(0, 1).Length);
    }

    [Fact]
    public void An_empty_file_has_an_empty_mapping()
    {
        using IStorageFile file = _directory.Create("a");
        using IMappedFile mapping = file.Map();
        Assert.Equal(0, mapping.Length);
        Assert.True(mapping.Slice(0, 0).IsEmpty);
    }

    [Fact]
    public void A_length_can_be_cut_and_extended_by_zeros()
    {
        using IStorageFile file = _directory.Create("a");
        file.Write("abcdef"u8, 0);
        file.SetLength(3);
        file.SetLength(5);
        byte[] buffer = new byte[8];
        Assert.Equal(5, file.Read(buffer, 0));
        Assert.Equal("abc\0\0"u8.ToArray(), buffer[..5]);
    }

    [Fact]
    public void Entries_are_listed_with_kind_and_length()
    {
        using (IStorageFile file = _directory.Create("a"))
            file.Write("abc"u8, 0);
        _directory.GetDirectory("b");
        Assert.Equal([new StorageEntry("a", false, 3), new StorageEntry("b", true, 0)], _directory.List().OrderBy(entry => entry.Name));
    }

    [Fact]
    public void Renaming_replaces_files_and_directories()
    {
        using (IStorageFile file = _directory.Create("a"))
            file.Write("new"u8, 0);
        _directory.Create("b").Dispose();
        _directory.Rename("a", "b");
        Assert.Equal(3, Assert.Single(_directory.List()).Length);

        _directory.GetDirectory("c").Create("inside").Dispose();
        _directory.GetDirectory("d").Create("old").Dispose();
        _directory.Rename("c", "d");
        Assert.Equal(["inside"], _directory.GetDirectory("d").List().Select(entry => entry.Name));
    }

    [Fact]
    public void What_is_not_there_is_deleted_without_complaint_and_not_opened()
    {
        _directory.Delete("a");
        _directory.DeleteDirectory("b");
        Assert.Throws<FileNotFoundException>(() => _directory.Open("a", isWritable: true));
    }

    [Fact]
    public void Directories_can_be_synced()
    {
        _directory.Create("a").Dispose();
        _directory.Sync();
        IStorageDirectory gone = _directory.GetDirectory("gone");
        _directory.DeleteDirectory("gone");
        if (!OperatingSystem.IsWindows())
            Assert.Contains("gone", Assert.Throws<IOException>(gone.Sync).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_directory_where_a_file_is_wanted_is_an_io_error()
    {
        _directory.GetDirectory("a");
        Assert.ThrowsAny<IOException>(() => _directory.Create("a"));
        Assert.ThrowsAny<IOException>(() => _directory.Delete("a"));
    }

    [Fact]
    public void A_file_can_be_read_while_it_is_written_and_deleted_while_it_is_open()
    {
        using IStorageFile writer = _directory.Create("a");
        writer.Write("abc"u8, 0);
        using IStorageFile reader = _directory.Open("a", isWritable: false);
        _directory.Delete("a");
        byte[] buffer = new byte[3];
        Assert.Equal(3, reader.Read(buffer, 0));
        Assert.Empty(_directory.List());
    }
}
