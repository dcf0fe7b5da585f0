using Forethought.Flags;

namespace Forethought.Tests.Flags;

public sealed class FlagHelpTests
{
    private static readonly string Usage = FlagHelp.Usage("prometheus", "The Prometheus monitoring server", ServerFlags.All);

    /// <summary>Lines copied from the real server's <c>--help</c> for flags whose text did not change since.</summary>
    [Theory]
    [InlineData("usage: prometheus [<flags>]\n\nThe Prometheus monitoring server\n\n\nFlags:\n  -h, --[no-]help                Show context-sensitive help (also try\n                                 --help-long and --help-man).\n      --[no-]version             Show application version.\n")]
    [InlineData("      --web.read-timeout=5m      Maximum duration before timing out read of the\n                                 request, and closing idle connections.\n")]
    [InlineData("      --web.external-url=<URL>   The URL under which Prometheus is externally\n                                 reachable (for example, if Prometheus is served\n                                 via a reverse proxy). Used for generating\n                                 relative and absolute links back to Prometheus\n")]
    [InlineData("      --[no-]web.enable-lifecycle  \n                                 Enable shutdown and reload via HTTP request.\n")]
    [InlineData("      --query.max-concurrency=20  \n                                 Maximum number of queries executed\n                                 concurrently. Use with server mode only.\n")]
    [InlineData("      --[no-]agent               Run Prometheus in 'Agent mode'.\n      --log.level=info           Only log messages with the given severity or\n                                 above. One of: [debug, info, warn, error]\n")]
    public void Help_is_laid_out_as_the_reference_prints_it(string excerpt) => Assert.Contains(excerpt, Usage, StringComparison.Ordinal);

    // What the real server 3.5.3 prints, wherever the text is still the same in 3.14; where lines end is part of it.
    [Fact]
    public void Every_text_that_did_not_change_is_broken_into_the_same_lines()
    {
        Dictionary<string, string> ours = Entries(Usage);
        int compared = 0;
        foreach ((string words, string lines) in Entries(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Flags", "help-3.5.3.txt"))))
        {
            if (!ours.TryGetValue(words, out string? printed))
                continue;
            Assert.Equal(lines, printed);
            compared++;
        }

        Assert.True(compared > 30, $"only {compared} texts are the same");
    }

    // Words without their breaks, and the text as it is printed, of each flag.
    private static Dictionary<string, string> Entries(string help) => help[help.IndexOf("Flags:\n", StringComparison.Ordinal)..]
        .Split("\n      --").Skip(1)
        .ToDictionary(entry => string.Join(' ', entry.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries)), entry => entry.TrimEnd('\n'));

    [Fact]
    public void Hidden_flags_are_left_out() => Assert.DoesNotContain("samples-per-chunk", Usage, StringComparison.Ordinal);
}
