using Forethought.Testing;

namespace Forethought.Configuration.Tests;

public sealed class ConfigurationChecksumTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly string _file;

    public ConfigurationChecksumTests()
    {
        _file = Write("prometheus.yml", "rule_files: [rules/*.yml]\nscrape_config_files: [s.yml]\nother: ignored\n");
        Directory.CreateDirectory(Path.Combine(_directory.Path, "rules"));
        Write("rules/a.yml", "x");
        Write("s.yml", "y");
    }

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Stays_the_same_while_nothing_changes() =>
        Assert.Equal(ConfigurationChecksum.Compute(_file), ConfigurationChecksum.Compute(_file));

    // The hash is computed by hand from upstream's recipe: the file, then "r" or "s", NUL, the name, NUL, the content, NUL.
    [Fact]
    public void Is_a_hash_over_the_file_and_the_files_it_names()
    {
        byte[] bytes = System.Text.Encoding.UTF8.GetBytes(
            File.ReadAllText(_file) + $"r\0{_directory.Path}/rules/a.yml\0x\0s\0{_directory.Path}/s.yml\0y\0");
        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes)), ConfigurationChecksum.Compute(_file));
    }

    [Theory]
    [InlineData("rules/a.yml", "changed")]
    [InlineData("rules/new.yml", "")]
    [InlineData("s.yml", "changed")]
    [InlineData("prometheus.yml", "rule_files: [rules/*.yml]\n")]
    public void Changes_with_each_of_the_files(string name, string content)
    {
        string before = ConfigurationChecksum.Compute(_file);
        Write(name, content);
        Assert.NotEqual(before, ConfigurationChecksum.Compute(_file));
    }

    [Fact]
    public void Says_which_file_cannot_be_read() => Assert.Equal(
        "error reading YAML file /nonexistent.yml: open /nonexistent.yml: no such file or directory",
        Assert.Throws<ConfigurationException>(() => ConfigurationChecksum.Compute("/nonexistent.yml")).Message);

    private string Write(string name, string content)
    {
        string path = Path.Combine(_directory.Path, name);
        File.WriteAllText(path, content);
        return path;
    }
}
