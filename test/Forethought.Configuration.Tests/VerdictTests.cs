using Forethought.Testing;

namespace Forethought.Configuration.Tests;

/// <summary>Small documents with the verdict of the real promtool: each must be accepted, or refused with the same text.</summary>
public sealed class VerdictTests
{
    [Fact]
    public void Judges_small_documents_as_promtool_does()
    {
        var wrong = new System.Text.StringBuilder();
        string[] lines = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Fixtures", "promtool-verdicts.tsv"));
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
        Assert.True(lines.Length > 200, $"only {lines.Length} lines");
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
