using Forethought.Testing;
using Xunit;

namespace Forethought.Exposition.Tests;

/// <summary>
/// Bodies with the <c>lastError</c> that Prometheus 3.5.3 gave the target that served them (<c>Recorded/last-errors.tsv</c>; an empty
/// error is a scrape that succeeded).
/// </summary>
public sealed class RecordedErrorsTests
{
    // Said by the storage, not by the parser.
    private const string DuplicateName = "is not unique: invalid sample";

    public static TheoryData<string, string, string> Rows()
    {
        var rows = new TheoryData<string, string, string>();
        using Stream stream = typeof(RecordedErrorsTests).Assembly.GetManifestResourceStream("last-errors.tsv")!;
        using var reader = new StreamReader(stream);
        reader.ReadLine();
        while (reader.ReadLine() is { } line)
        {
            string[] fields = line.Split('\t');
            rows.Add(fields[0], fields[1], fields[2]);
        }

        return rows;
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Agrees_with_Prometheus(string format, string body, string error)
    {
        byte[] text = Conformance.Unescape(body);
        string expected = error.EndsWith(DuplicateName, StringComparison.Ordinal)
            ? ""
            : System.Text.Encoding.UTF8.GetString(Conformance.Unescape(error));
        if (text.Length > 0)
            Assert.Equal(expected, ErrorOf(text, format == "om" ? ExpositionFormat.OpenMetrics : ExpositionFormat.Text));
    }

    private static string ErrorOf(byte[] text, ExpositionFormat format)
    {
        try
        {
            Exposed.ReadBody(Exposed.Body(text, format), format);
            return "";
        }
        catch (ExpositionException e)
        {
            return e.Message;
        }
    }
}
