using Forethought.Testing;

namespace Forethought.Configuration.Tests;

/// <summary>
/// Small documents with upstream's verdict: each must be accepted, or refused with the same text. The verdicts on YAML and types are those of
/// the real promtool (3.5.3), those on sections also, except where 3.14 has other rules; there the texts are those of its source.
/// </summary>
public sealed class VerdictTests
{
    [Theory]
    [InlineData("promtool-verdicts.tsv", 200)]
    [InlineData("section-verdicts.tsv", 300)]
    public void Judges_small_documents_as_upstream_does(string fixture, int least)
    {
        var wrong = new System.Text.StringBuilder();
        string[] lines = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Fixtures", fixture));
        foreach (string line in lines.Skip(1))
        {
            string[] fields = line.Split('\t');
            string expected = System.Text.Encoding.UTF8.GetString(Conformance.Unescape(fields[1]));
            string actual = VerdictOn(Conformance.Unescape(fields[0]));
            if (actual != expected)
            {
                wrong.AppendLine($"{fields[0]}\n  expected: {expected}\n  actual:   {actual}");
            }
        }

        Assert.True(wrong.Length == 0, wrong.ToString());
        Assert.True(lines.Length > least, $"only {lines.Length} lines");
    }

    private static string VerdictOn(byte[] document)
    {
        try
        {
            ConfigurationLoader.LoadText(document);
            return "OK";
        }
        catch (ConfigurationException e)
        {
            return e.Message;
        }
    }
}
