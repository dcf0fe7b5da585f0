using Forethought.Testing;

namespace Forethought.Configuration.Tests;

public sealed class FileGlobTests
{
    // The rows are from the tests of Go's path/filepath.Match.
    [Theory]
    [InlineData("abc", "abc", true)]
    [InlineData("*", "abc", true)]
    [InlineData("*c", "abc", true)]
    [InlineData("a*", "abc", true)]
    [InlineData("a*b*c*d*e*", "axbxcxdxe", true)]
    [InlineData("a*b?c*x", "abxbbxdbxebxczzx", true)]
    [InlineData("a*b?c*x", "abxbbxdbxebxczzy", false)]
    [InlineData("ab[c]", "abc", true)]
    [InlineData("ab[b-d]", "abc", true)]
    [InlineData("ab[e-g]", "abc", false)]
    [InlineData("ab[^c]", "abc", false)]
    [InlineData("ab[^e-g]", "abc", true)]
    [InlineData("a\\*b", "a*b", true)]
    [InlineData("a\\*b", "ab", false)]
    [InlineData("a?b", "a☺b", true)]
    [InlineData("[a-ζ]*", "α", true)]
    [InlineData("*x", "xxx", true)]
    public void Matches_names_as_go_does(string pattern, string name, bool matches) => Assert.Equal(matches, FileGlob.IsMatch(name, pattern));

    [Fact]
    public void Lists_matching_files_in_order()
    {
        using var directory = new TemporaryDirectory();
        foreach (string name in (string[])["b.yml", "a.yml", "c.json", ".hidden.yml"])
        {
            File.WriteAllText(Path.Combine(directory.Path, name), "");
        }

        Assert.Equal([".hidden.yml", "a.yml", "b.yml"], FileGlob.Expand(directory.Path + "/*.yml").Select(Path.GetFileName));
        Assert.Equal([directory.Path + "/a.yml"], FileGlob.Expand(directory.Path + "/a.yml"));
        Assert.Empty(FileGlob.Expand(directory.Path + "/missing.yml"));
        Assert.Empty(FileGlob.Expand("/nonexistent/*.yml"));
    }
}
