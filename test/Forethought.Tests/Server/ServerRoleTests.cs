using Forethought.Flags;
using Forethought.Server;
using Forethought.Testing;

namespace Forethought.Tests.Server;

/// <summary>Command lines that end at once: exit codes and texts of upstream's cmd/prometheus/main.go.</summary>
public sealed class ServerRoleTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("--help")]
    [InlineData("-h")]
    [InlineData("--help-long")]
    public async Task Help_is_written_to_the_output(string flag)
    {
        (int code, string output, string errors) = await RunAsync(flag);
        Assert.Equal((0, FlagHelp.Usage("prometheus", "The Prometheus monitoring server", ServerFlags.All), ""), (code, output, errors));
    }

    [Fact]
    public async Task The_version_has_prometheuss_layout()
    {
        (int code, string output, string errors) = await RunAsync("--version");
        Assert.Equal((0, ""), (code, errors));
        Assert.StartsWith("prometheus, version 3.14.0 (branch: forethought, revision: forethought-", output, StringComparison.Ordinal);
        string[] lines = output.Split('\n');
        Assert.Equal(
            ["  build user:       ", "  build date:       ", "  go version:       ", "  platform:         ", "  tags:             "],
            lines[1..^1].Select(line => line[..20]));
    }

    [Fact]
    public async Task A_line_that_cannot_be_read_ends_with_1()
    {
        (int code, string output, string errors) = await RunAsync("--no-such-flag");
        Assert.Equal((1, ""), (code, output));
        Assert.Equal("Error parsing command line arguments: unknown long flag '--no-such-flag'\nprometheus: error: unknown long flag '--no-such-flag'\n", errors);
    }

    [Fact]
    public async Task A_value_that_cannot_be_used_ends_with_2_and_the_help()
    {
        (int code, string output, string errors) = await RunAsync("--query.timeout=soon");
        Assert.Equal(2, code);
        Assert.StartsWith("usage: prometheus [<flags>]\n", output, StringComparison.Ordinal);
        Assert.Equal("Error parsing command line arguments: not a valid duration string: \"soon\"\n", errors);
    }

    [Theory]
    [InlineData("The following flag(s) can not be used in agent mode: [\"--storage.tsdb.path\" \"--query.timeout\"]", "--agent", "--storage.tsdb.path=x", "--query.timeout=1s")]
    [InlineData("The following flag(s) can only be used in agent mode: [\"--storage.agent.path\"]", "--storage.agent.path=x")]
    public async Task A_flag_of_the_other_mode_ends_with_3(string error, params string[] flags)
    {
        (int code, _, string errors) = await RunAsync(flags);
        Assert.Equal((3, error), (code, errors));
    }

    [Fact]
    public async Task A_negative_limit_of_searches_ends_with_1()
    {
        (int code, _, string errors) = await RunAsync("--web.search.max-limit=-1");
        Assert.Equal((1, "--web.search.max-limit must be non-negative; got -1 (use 0 to disable the cap)\n"), (code, errors));
    }

    // Serving without the protection that was asked for would be worse than not serving.
    [Fact]
    public async Task Protection_that_is_not_there_is_refused()
    {
        (int code, _, string errors) = await RunAsync("--web.config.file=web.yml");
        Assert.Equal(1, code);
        Assert.StartsWith("--web.config.file: ", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, "open FILE: no such file or directory", null)]
    [InlineData(2, "field nonsense not found in type config.plain", "nonsense: 1")]
    [InlineData(2, "field rule_files is not allowed in agent mode", "rule_files: [a]", "--agent")]
    [InlineData(2, "parse external URL \"http://[\": parse \"http://[\": ", "", "--web.external-url=http://[")]
    [InlineData(2, "parse external URL \"\": address nowhere: missing port in address", "", "--web.listen-address=nowhere")]
    [InlineData(2, "could not compile CORS regex string \"(\": ", "", "--web.cors.origin=(")]
    [InlineData(1, "Unable to start web listener", "", "--web.listen-address=nowhere", "--web.external-url=http://x/")]
    [InlineData(1, "--auto-gomemlimit.ratio must be greater than 0 and less than or equal to 1.", "", "--auto-gomemlimit.ratio=1.5")]
    [InlineData(1, "--storage.agent.checkpoint-batch-size must be greater than 0.", "", "--agent", "--storage.agent.checkpoint-batch-size=0")]
    [InlineData(2, "msg=\"Error loading config (--config.file=FILE)\" file=FILE err=\"open FILE: no such file or directory\"", null)]
    public async Task What_cannot_be_served_is_logged(int expected, string text, string? configuration, params string[] flags)
    {
        string file = _directory.File("prometheus.yml");
        if (configuration is not null)
            File.WriteAllText(file, configuration);
        (int code, _, string errors) = await RunAsync(["--config.file=" + file, .. flags]);
        Assert.Equal(expected, code);
        Assert.Contains(text.Replace("FILE", file, StringComparison.Ordinal), errors.Replace("\\\"", "\"", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Features_are_warned_of_once()
    {
        (_, _, string errors) = await RunAsync("--enable-feature=old-ui,nonsense,search-api", "--rules.max-concurrent-evals=2", "--config.file=" + _directory.File("none"));
        Assert.Single(errors.Split('\n'), line => line.Contains("features=old-ui,search-api", StringComparison.Ordinal));
        Assert.Single(errors.Split('\n'), line => line.Contains("option=nonsense", StringComparison.Ordinal));
        Assert.Single(errors.Split('\n'), line => line.Contains("flags=--rules.max-concurrent-evals", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_bad_file_of_scrape_configurations_is_told_at_once()
    {
        string file = _directory.File("prometheus.yml");
        File.WriteAllText(file, "scrape_config_files: [more.yml]\n");
        File.WriteAllText(_directory.File("more.yml"), "scrape_configs: [{job_nam: a}]\n");
        (int code, _, string errors) = await RunAsync("--config.file=" + file, "--storage.tsdb.path=" + _directory.File("data"));
        Assert.Equal(2, code);
        Assert.Contains($"msg=\"Error loading dynamic scrape config files from config (--config.file=\\\"{file}\\\")\" file={file} err=", errors, StringComparison.Ordinal);
        Assert.Contains("field job_nam not found in type config.ScrapeConfig", errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_directory.File("data")));
    }

    [Fact]
    public async Task An_empty_name_of_the_configuration_is_told_as_go_tells_it()
    {
        (int code, _, string errors) = await RunAsync("--config.file=");
        Assert.Equal(2, code);
        Assert.Contains("err=\"open : no such file or directory\"", errors, StringComparison.Ordinal);
    }

    private static async Task<(int Code, string Output, string Errors)> RunAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        int code = await new ServerRole(output, errors).RunAsync(arguments);
        return (code, output.ToString(), errors.ToString());
    }
}
