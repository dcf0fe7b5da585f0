using Conformance = Forethought.Testing.Conformance;

namespace Forethought.Configuration.Tests;

/// <summary>Upstream's own configuration files: each bad one must fail with upstream's text, each good one must load.</summary>
public sealed class ConformanceTests
{
    // Files that upstream's tests load in agent mode or expect to fail although their names do not say so.
    private static readonly HashSet<string> ExpectedToFail = new(StringComparer.Ordinal)
    {
        "config_with_deprecated_am_api_config.yml", "otlp_allow_utf8.incompatible.yml", "otlp_no_translation.incompatible.yml",
    };

    [Fact]
    public void Fails_with_upstreams_text_for_every_bad_file()
    {
        var wrong = new System.Text.StringBuilder();
        int count = 0;
        foreach (string[] row in Conformance.Tsv("config-errors.tsv"))
        {
            string path = Conformance.Path("config/" + row[0]);
            string expected = row[1].Replace("testdata/" + row[0], path, StringComparison.Ordinal);
            string actual = ErrorOf(path);
            count++;
            if (!actual.Contains(expected, StringComparison.Ordinal))
            {
                wrong.AppendLine($"{row[0]}\n  expected: {expected}\n  actual:   {actual}");
            }
        }

        Assert.True(wrong.Length == 0, wrong.ToString());
        Assert.True(count > 130, $"only {count} rows");
    }

    [Fact]
    public void Loads_every_good_file()
    {
        var wrong = new System.Text.StringBuilder();
        int count = 0;
        foreach (string path in Directory.EnumerateFiles(Conformance.Path("config"), "*.yml"))
        {
            string name = Path.GetFileName(path);
            if (name.Contains(".bad.", StringComparison.Ordinal) || ExpectedToFail.Contains(name))
            {
                continue;
            }

            count++;
            string error = ErrorOf(path);
            if (error.Length > 0)
            {
                wrong.AppendLine($"{name}: {error}");
            }
        }

        Assert.True(wrong.Length == 0, wrong.ToString());
        Assert.True(count > 55, $"only {count} files");
    }

    [Fact]
    public void Refuses_every_bad_file_without_a_row_of_its_own()
    {
        foreach (string path in Directory.EnumerateFiles(Conformance.Path("config"), "*.bad.yml"))
        {
            Assert.True(ErrorOf(path).Length > 0, path);
        }
    }

    private static string ErrorOf(string path)
    {
        try
        {
            ScrapeConfigurationFiles.Load(ConfigurationLoader.Load(path));
            return "";
        }
        catch (ConfigurationException e)
        {
            return e.Message;
        }
    }
}
