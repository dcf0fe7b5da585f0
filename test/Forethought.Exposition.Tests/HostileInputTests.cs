using Forethought.Testing;
using Xunit;

namespace Forethought.Exposition.Tests;

public sealed class HostileInputTests
{
    private const string Text =
        "# HELP c_total A \\\\ counter.\n# TYPE c_total counter\nc_total{code=\"200\",p=\"a\\\"b\"} 1027 1395066363000\n# odd\n\n"
        + "{\"u.n\",\"l \\n\"=\"é\"} -1e-9\nh_bucket{le=\"+Inf\",} NaN\n";

    private const string OpenMetrics =
        "# TYPE c_seconds counter\n# UNIT c_seconds seconds\n# HELP c_seconds x\nc_seconds_total{a=\"b\"} 1 1.5 # {t=\"1\",} 2 3.25\n"
        + "{\"u.n\",x=\"y\"} +Inf # {} 1\n# EOF\n";

    [Theory]
    [InlineData(Text, ExpositionFormat.Text)]
    [InlineData(OpenMetrics, ExpositionFormat.OpenMetrics)]
    public void Cut_anywhere_it_is_read_up_to_there_or_refused(string text, ExpositionFormat format)
    {
        byte[] whole = System.Text.Encoding.UTF8.GetBytes(text);
        List<string> all = Exposed.ReadBody(Exposed.Body(whole, format), format);
        int complete = 0;
        for (int length = 0; length <= whole.Length; length++)
        {
            List<string>? read = TryRead(Exposed.Body(whole.AsSpan(0, length), format), format);
            // At the end of a line, a cut text is a shorter text; OpenMetrics notices.
            if (format == ExpositionFormat.Text && (length == 0 || whole[length - 1] == '\n'))
                Assert.Equal(all.Take(read!.Count), read);
            if (format == ExpositionFormat.OpenMetrics && read is not null)
                complete++;
        }

        // "# EOF" with and without its newline.
        Assert.Equal(format == ExpositionFormat.OpenMetrics ? 2 : 0, complete);
    }

    [Theory]
    [InlineData(Text, ExpositionFormat.Text)]
    [InlineData(OpenMetrics, ExpositionFormat.OpenMetrics)]
    public void Mutations_end_in_entries_or_an_error(string text, ExpositionFormat format)
    {
        byte[] whole = System.Text.Encoding.UTF8.GetBytes(text);
        byte[] spice = "\0\n\t {}\",=#\\x0é"u8.ToArray();
        var random = Fuzz.Random(20261120);
        for (int round = 0; round < Fuzz.Rounds(20_000); round++)
        {
            byte[] mutated = (byte[])whole.Clone();
            for (int change = random.Next(1, 5); change > 0; change--)
                mutated[random.Next(mutated.Length)] = random.Next(3) == 0 ? (byte)random.Next(256) : spice[random.Next(spice.Length)];
            byte[] body = Exposed.Body(mutated, format);
            List<string>? read = TryRead(body, format);
            Assert.True(read is null || read.Count <= body.Length);
        }
    }

    [Fact]
    public void Very_long_lines_are_read_in_linear_time()
    {
        string value = new('x', 4 << 20);
        Assert.Equal(2, Exposed.Read($"a{{b=\"{value}\"}} 1\n# {value}").Count);
        Assert.Null(TryRead(Exposed.Body(new string('{', 1 << 20), ExpositionFormat.Text), ExpositionFormat.Text));
    }

    private static List<string>? TryRead(byte[] body, ExpositionFormat format)
    {
        try
        {
            return Exposed.ReadBody(body, format);
        }
        catch (ExpositionException)
        {
            return null;
        }
    }
}
