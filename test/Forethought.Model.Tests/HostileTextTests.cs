using Forethought.Testing;

namespace Forethought.Model.Tests;

/// <summary>Whatever stands where a duration or a size should, it is read or refused: no other exception gets out.</summary>
public sealed class HostileTextTests
{
    private static readonly string[] Seeds =
    [
        "1h30m", "1y2w3d4h5m6s7ms", "-1.5s", ".5h", "+0", "9223372036854775808ns", "1µs", "512MB", "1GiB512MiB", "-1.5KiB", "1.5.5B", "0",
        "9999999999999999999999EB", "18446744073709551615ms", "1e309s", "0x10s",
    ];

    private static readonly char[] Spice = ['.', '-', '+', '0', '9', 'h', 'm', 's', 'µ', 'i', 'B', 'E', 'y', ' ', '\0', 'é', '\ud800', '٣', '"'];

    [Theory]
    [InlineData("prometheus")]
    [InlineData("prometheus, signed")]
    [InlineData("go")]
    [InlineData("size")]
    public void Mutated_text_is_read_or_refused(string parser)
    {
        Action<string> parse = parser switch
        {
            "prometheus" => static text => PrometheusDuration.Parse(text),
            "prometheus, signed" => static text => PrometheusDuration.ParseAllowNegative(text),
            "go" => static text => GoDuration.Parse(text),
            _ => static text => ByteSize.Parse(text),
        };
        var random = Fuzz.Random(20261123);
        int read = 0;
        for (int round = 0; round < Fuzz.Rounds(40_000); round++)
        {
            var text = new List<char>(Seeds[random.Next(Seeds.Length)]);
            for (int change = random.Next(0, 5); change > 0; change--)
            {
                int at = random.Next(text.Count + 1);
                if (at < text.Count && random.Next(3) == 0)
                    text.RemoveAt(at);
                else
                    text.Insert(at, Spice[random.Next(Spice.Length)]);
            }

            try
            {
                parse(new string([.. text]));
                read++;
            }
            catch (FormatException)
            {
                // As it should be.
            }
        }

        Assert.True(read > 100);
    }

    [Fact]
    public void Very_long_text_is_refused_in_linear_time()
    {
        string long1 = string.Concat(Enumerable.Repeat("1ms", 1_000_000));
        Assert.Throws<FormatException>(() => PrometheusDuration.Parse(long1));
        Assert.Throws<FormatException>(() => PrometheusDuration.Parse(new string('9', 1_000_000) + "s"));
        Assert.Throws<FormatException>(() => GoDuration.Parse(new string('9', 1_000_000) + "s"));
        Assert.Equal(TimeSpan.FromSeconds(1), GoDuration.Parse("1." + new string('0', 1_000_000) + "s"));
        Assert.Throws<FormatException>(() => ByteSize.Parse(new string('9', 1_000_000) + "B"));
    }
}
