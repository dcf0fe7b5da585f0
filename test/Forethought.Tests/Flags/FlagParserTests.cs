using Forethought.Flags;

namespace Forethought.Tests.Flags;

/// <summary>Texts and codes as the real server 3.5.3 gave them for the same command lines.</summary>
public sealed class FlagParserTests
{
    private static readonly FlagParser Parser = new(ServerFlags.All);

    [Theory]
    [InlineData("unknown long flag '--foo'", false, "--foo")]
    [InlineData("unknown long flag '--foo'", false, "--foo=1")]
    [InlineData("unknown long flag '--no-config.file'", false, "--no-config.file")]
    [InlineData("unexpected maybe", false, "--web.enable-lifecycle=maybe")]
    [InlineData("unexpected positional", false, "positional")]
    [InlineData("expected argument for flag '--config.file'", false, "--config.file")]
    [InlineData("expected argument for flag '--config.file'", false, "--config.file", "--web.enable-lifecycle")]
    [InlineData("unknown short flag '-x'", false, "-x")]
    [InlineData("not a valid duration string: \"abc\"", true, "--storage.tsdb.retention.time=abc")]
    [InlineData("unrecognized log level foo", true, "--log.level=foo")]
    [InlineData("strconv.ParseFloat: parsing \"abc\": invalid syntax", true, "--web.max-connections=abc")]
    [InlineData("units: unknown unit  in 5", true, "--storage.tsdb.wal-segment-size=5")]
    [InlineData("flag 'config.file' cannot be repeated", true, "--config.file=a", "--config.file=b")]
    [InlineData("enum value must be one of snappy,zstd, got 'lz4'", true, "--storage.tsdb.wal-compression-type=lz4")]
    public void A_line_that_cannot_be_read_gets_the_reference_text(string message, bool isValueError, params string[] arguments)
    {
        FlagException error = Assert.Throws<FlagException>(() => Parser.Parse(arguments));
        Assert.Equal(message, error.Message);
        Assert.Equal(isValueError, error.IsValueError);
    }

    [Fact]
    public void Defaults_hold_where_nothing_is_given()
    {
        FlagValues values = Parser.Parse([]);
        Assert.Equal("prometheus.yml", values.Text("config.file"));
        Assert.Equal(["0.0.0.0:9090"], values.Texts("web.listen-address"));
        Assert.Equal(TimeSpan.FromMinutes(5), values.Duration("query.lookback-delta"));
        Assert.Equal(TimeSpan.FromMilliseconds(2), values.Duration("scrape.timestamp-tolerance"));
        Assert.Equal(50_000_000, values.Integer("query.max-samples"));
        Assert.Equal(50_000_000, values.Integer("storage.remote.read-sample-limit"));
        Assert.Equal(0.9, values.Float("auto-gomemlimit.ratio"));
        Assert.True(values.Bool("storage.tsdb.wal-compression"));
        Assert.False(values.Bool("web.enable-lifecycle"));
        Assert.Equal(TimeSpan.Zero, values.Duration("storage.tsdb.retention.time"));
    }

    [Fact]
    public void Values_follow_an_equals_sign_or_the_next_argument()
    {
        FlagValues values = Parser.Parse(
            ["--config.file", "x.yml", "--web.listen-address=:1", "--web.listen-address", ":2", "--no-storage.tsdb.wal-compression",
             "--query.max-samples=1e3", "--storage.tsdb.retention.size=512MB"]);
        Assert.Equal("x.yml", values.Text("config.file"));
        Assert.Equal([":1", ":2"], values.Texts("web.listen-address"));
        Assert.False(values.Bool("storage.tsdb.wal-compression"));
        Assert.Equal(1_000, values.Integer("query.max-samples"));
        Assert.Equal(512L << 20, values.Bytes("storage.tsdb.retention.size"));
        Assert.True(values.IsGiven("config.file"));
        Assert.False(values.IsGiven("log.level"));
    }

    [Fact]
    public void Arguments_may_come_from_a_file()
    {
        using var directory = new Testing.TemporaryDirectory();
        File.WriteAllText(directory.File("args"), "--config.file=from-file.yml\n--web.enable-lifecycle\n");
        FlagValues values = Parser.Parse(["@" + directory.File("args")]);
        Assert.Equal("from-file.yml", values.Text("config.file"));
        Assert.True(values.Bool("web.enable-lifecycle"));
        FlagException error = Assert.Throws<FlagException>(() => Parser.Parse(["@/does/not/exist"]));
        Assert.Equal("open /does/not/exist: no such file or directory", error.Message);
    }

    [Fact]
    public void Version_and_help_win_over_values()
    {
        Assert.True(Parser.Parse(["--version", "--log.level=foo"]).WantsVersion);
        Assert.True(Parser.Parse(["-h"]).WantsHelp);
        Assert.True(Parser.Parse(["--help-long"]).WantsHelp);
    }

    [Fact]
    public void Flags_of_the_other_mode_are_told() =>
        Assert.Equal(["--storage.agent.path"], Parser.Parse(["--storage.agent.path=x", "--config.file=y"]).GivenFor(FlagMode.Agent));
}
