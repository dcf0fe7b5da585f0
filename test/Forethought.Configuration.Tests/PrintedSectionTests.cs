namespace Forethought.Configuration.Tests;

/// <summary>
/// A configuration with a little of everything and what <c>/api/v1/status/config</c> shows of it. The fixture is the answer of Prometheus
/// 3.5.3, with the fields added that the structs of 3.14 have besides; so it also holds the defaults of every section to upstream's.
/// </summary>
public sealed class PrintedSectionTests
{
    [Fact]
    public void Every_section_is_printed_as_by_upstream() =>
        Assert.Equal(Fixture("every-section.printed.yml"), ConfigurationWriter.Write(LoaderTests.Load(Fixture("every-section.yml"))));

    // Texts that YAML could take for something else, in every style that upstream's printer knows.
    [Fact]
    public void Every_text_is_printed_as_by_upstream()
    {
        string printed = ConfigurationWriter.Write(LoaderTests.Load(Fixture("odd-texts.yml")));
        Assert.Equal(Fixture("odd-texts.printed.yml"), printed);
        Assert.Equal(printed, ConfigurationWriter.Write(LoaderTests.Load(printed)));
    }

    [Fact]
    public void What_is_printed_says_the_same_again()
    {
        string printed = Fixture("every-section.printed.yml");
        string readable = printed
            .Replace("secret_key: <secret>", "secret_key: 11111111-1111-1111-1111-111111111111", StringComparison.Ordinal)
            // A false whose default is true is left out, as upstream leaves it out.
            .Replace("    job: special\n", "    job: special\n  filter_external_labels: false\n", StringComparison.Ordinal);
        Assert.Equal(printed, ConfigurationWriter.Write(LoaderTests.Load(readable)));
    }

    [Fact]
    public void No_secret_is_printed()
    {
        string printed = Fixture("every-section.printed.yml");
        foreach (string secret in (string[])["multi\\nline", "SK", "\"456\"", ":pw@"])
        {
            Assert.Contains(secret, Fixture("every-section.yml"), StringComparison.Ordinal);
            Assert.DoesNotContain(secret, printed, StringComparison.Ordinal);
        }
    }

    // A file that is cut anywhere loads, or is refused by a text of its own; so does one with bytes changed.
    [Fact]
    public void Cut_anywhere_or_mutated_it_is_judged_and_never_worse()
    {
        byte[] text = File.ReadAllBytes(FixturePath("every-section.yml"));
        int accepted = 0;
        for (int end = 0; end < text.Length; end += end < 1_000 ? 1 : 17)
        {
            accepted += Judge(text.AsSpan(0, end)) ? 1 : 0;
        }

        Assert.InRange(accepted, 10, 1_000);
        var random = new Random(5);
        for (int i = 0; i < 200; i++)
        {
            byte[] mutated = (byte[])text.Clone();
            for (int j = random.Next(1, 8); j > 0; j--)
            {
                mutated[random.Next(mutated.Length)] = "\n :-[]{}'\"&*!|>#%@,0a\u0000"u8[random.Next(22)];
            }

            Judge(mutated);
        }
    }

    private static bool Judge(ReadOnlySpan<byte> text)
    {
        try
        {
            ConfigurationLoader.LoadText(text);
            return true;
        }
        catch (ConfigurationException error)
        {
            Assert.NotEmpty(error.Message);
            return false;
        }
    }

    private static string Fixture(string name) => File.ReadAllText(FixturePath(name));

    private static string FixturePath(string name) => Path.Combine(AppContext.BaseDirectory, "Fixtures", name);
}
