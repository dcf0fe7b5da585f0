using Forethought.Testing;

namespace EndToEnd.Tests;

/// <summary>What cannot start says why, and how the reference says it.</summary>
public sealed class StartUpErrorTests
{
    [Fact]
    public async Task Names_an_unknown_flag()
    {
        (int exitCode, string log) = await Run("--foo");
        Assert.Contains("Error parsing command line arguments: unknown long flag '--foo'\n", log, StringComparison.Ordinal);
        Assert.Equal(1, exitCode);
    }

    [Theory]
    [InlineData("global:\n  scrape_interval: 5s\n  scrape_intervall: 5s\n", "line 3: field scrape_intervall not found in type config.plain")]
    [InlineData("scrape_configs:\n- job_name: a\n- job_name: a\n", "found multiple scrape configs with job name \\\"a\\\"")]
    [InlineData("scrape_configs:\n- job_name: [\n", "did not find expected node content")]
    [InlineData("global: {scrape_interval: soon}\n", "not a valid duration string: \\\"soon\\\"")]
    public async Task Names_the_file_and_the_place_of_a_bad_configuration(string configuration, string error)
    {
        using var home = new ServerHome(configuration);
        await using ServerProcess server = home.Launch();
        Assert.Equal(2, await server.Exit());
        Assert.Contains(home.ConfigurationFile, server.Log, StringComparison.Ordinal);
        Assert.Contains(error, server.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_a_configuration_that_does_not_exist()
    {
        using var home = new ServerHome();
        File.Delete(home.ConfigurationFile);
        await using ServerProcess server = home.Launch();
        Assert.Equal(2, await server.Exit());
        Assert.Contains($"open {home.ConfigurationFile}: no such file or directory", server.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Does_not_share_an_address()
    {
        using var home = new ServerHome();
        await using ServerProcess first = await home.Start();
        using var other = new ServerHome();
        await using ServerProcess second = other.Launch("--web.listen-address=" + home.Endpoint);
        Assert.NotEqual(0, await second.Exit());
        Assert.Contains("address already in use", second.Log, StringComparison.Ordinal);
        Assert.Contains(home.Endpoint, second.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Does_not_share_a_data_directory()
    {
        using var home = new ServerHome();
        await using ServerProcess first = await home.Start();
        using var other = new ServerHome { DataDirectory = home.DataDirectory };
        await using ServerProcess second = other.Launch();
        Assert.NotEqual(0, await second.Exit());
        Assert.Contains("lock DB directory", second.Log, StringComparison.Ordinal);
        Assert.True(await first.Api.Answers("-/ready"));
    }

    [Theory]
    [InlineData("--query.timeout=soon", "not a valid duration string: \"soon\"")]
    [InlineData("--web.max-connections=many", "strconv.ParseFloat: parsing \"many\": invalid syntax")]
    [InlineData("--log.level=loud", "unrecognized log level loud")]
    public async Task Names_a_bad_value_of_a_flag(string flag, string error)
    {
        (int exitCode, string log) = await Run(flag);
        Assert.Contains("Error parsing command line arguments: ", log, StringComparison.Ordinal);
        Assert.Contains(error, log, StringComparison.Ordinal);
        Assert.Equal(2, exitCode);
    }

    [Theory]
    [InlineData("--help", "--storage.tsdb.path=\"")]
    [InlineData("--version", "version")]
    public async Task Answers_questions_and_ends_with_0(string flag, string text)
    {
        (int exitCode, string log) = await Run(flag);
        Assert.Contains(text, log, StringComparison.Ordinal);
        Assert.Equal(0, exitCode);
    }

    [Fact]
    public async Task Names_flags_and_features_that_are_not_there_in_one_warning_each_and_starts()
    {
        ServerBinary.SkipOnTheReference("it has all its features");
        using var home = new ServerHome();
        await using ServerProcess server = await home.Start("--web.page-title=x", "--rules.max-concurrent-evals=2", "--enable-feature=auto-reload-config,no-such-feature");
        string[] warnings = [.. server.Log.Split('\n').Where(line => line.Contains("level=WARN", StringComparison.Ordinal))];
        string flags = Assert.Single(warnings, line => line.Contains("--web.page-title", StringComparison.Ordinal));
        Assert.Contains("--rules.max-concurrent-evals", flags, StringComparison.Ordinal);
        Assert.Single(warnings, line => line.Contains("no-such-feature", StringComparison.Ordinal));
        Assert.Single(warnings, line => line.Contains("auto-reload-config", StringComparison.Ordinal));
    }

    private static async Task<(int ExitCode, string Log)> Run(string flag)
    {
        await using var server = ServerProcess.Start(ServerBinary.UnderTest, new Uri("http://127.0.0.1:0"), [flag]);
        return (await server.Exit(), server.Log);
    }
}
