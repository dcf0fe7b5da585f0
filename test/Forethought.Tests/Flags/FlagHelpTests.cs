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

    [Fact]
    public void Hidden_flags_are_left_out() => Assert.DoesNotContain("samples-per-chunk", Usage, StringComparison.Ordinal);
}
