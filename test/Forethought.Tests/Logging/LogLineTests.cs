using Forethought.Logging;
using Microsoft.Extensions.Logging;

namespace Forethought.Tests.Logging;

/// <summary>The forms of Go's <c>log/slog</c>: its text and JSON handlers with the keys that Prometheus gives them.</summary>
public sealed class LogLineTests
{
    private static readonly DateTimeOffset Time = new(2026, 1, 2, 3, 4, 5, 67, TimeSpan.FromHours(1));

    [Fact]
    public void A_line_has_time_level_source_message_and_values() => Assert.Equal(
        "time=2026-01-02T02:04:05.067Z level=WARN source=Server msg=\"Replayed the log\" segment=7 duration=12.2ms ok=true err=<nil>\n",
        Format(LogFormat.Logfmt, LogLevel.Warning, "Replayed the log",
            ("segment", 7), ("duration", TimeSpan.FromTicks(122_000)), ("Ok", true), ("err", null)));

    [Fact]
    public void A_line_of_json_has_the_same_keys_with_typed_values() => Assert.Equal(
        "{\"time\":\"2026-01-02T02:04:05.067Z\",\"level\":\"ERROR\",\"source\":\"Server\",\"msg\":\"a \\\"b\\\" <c> é\",\"segment\":7,\"duration\":12200000,\"ok\":false,\"err\":null}\n",
        Format(LogFormat.Json, LogLevel.Error, "a \"b\" <c> é",
            ("segment", 7L), ("duration", TimeSpan.FromTicks(122_000)), ("Ok", false), ("err", null)));

    // slog's needsQuoting: empty, space, equals sign, quote, control characters and what cannot be printed; a backslash does not.
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("", "\"\"")]
    [InlineData("a b", "\"a b\"")]
    [InlineData("a=b", "\"a=b\"")]
    [InlineData("a\"b", "\"a\\\"b\"")]
    [InlineData("a\nb", "\"a\\nb\"")]
    [InlineData("C:\\data", "C:\\data")]
    [InlineData("C:\\my data", "\"C:\\\\my data\"")]
    [InlineData("é😀", "é😀")]
    [InlineData("\u200b", "\"\\u200b\"")]
    [InlineData("\u00a0", "\"\\u00a0\"")]
    [InlineData("{a: 1}", "\"{a: 1}\"")]
    public void Values_are_quoted_when_they_must_be(string value, string text) => Assert.EndsWith(
        $" msg=m key={text}\n", Format(LogFormat.Logfmt, LogLevel.Information, "m", ("key", value)), StringComparison.Ordinal);

    [Theory]
    [InlineData("Loaded {file} {duration}", "Loaded")]
    [InlineData("Storage: {warning}", "Storage")]
    [InlineData("No placeholders.", "No placeholders.")]
    [InlineData("{all}", "")]
    public void The_message_is_the_template_up_to_its_placeholders(string template, string message) =>
        Assert.Equal(message, LogLine.MessageOf(template));

    [Theory]
    [InlineData("debug", LogLevel.Debug, true)]
    [InlineData("info", LogLevel.Debug, false)]
    [InlineData("warn", LogLevel.Information, false)]
    [InlineData("error", LogLevel.Error, true)]
    public void The_level_decides_what_is_written(string minimum, LogLevel level, bool written)
    {
        var output = new StringWriter();
        using var loggers = new ConsoleLoggerFactory(output, LogFormat.Logfmt, ConsoleLoggerFactory.ParseLevel(minimum), TimeProvider.System);
#pragma warning disable CA1848, CA1873, CA2254 // The logger itself is what is tested.
        loggers.CreateLogger("Forethought.Web").Log(level, "Hello {Name}", "x");
#pragma warning restore CA1848, CA1873, CA2254
        Assert.Equal(written, output.ToString().EndsWith(" source=Web msg=Hello name=x\n", StringComparison.Ordinal));
    }

    [Fact]
    public void The_frameworks_messages_keep_their_text_and_come_from_warnings_on()
    {
        var output = new StringWriter();
        using var loggers = new ConsoleLoggerFactory(output, LogFormat.Logfmt, LogLevel.Information, TimeProvider.System);
        ILogger log = loggers.CreateLogger("Microsoft.AspNetCore.Server.Kestrel");
#pragma warning disable CA1848, CA1873, CA2254 // The logger itself is what is tested.
        log.LogInformation("Now listening on {Address}", "x");
        log.LogError(new InvalidOperationException("why"), "Connection id \"{Id}\" failed.", "7");
#pragma warning restore CA1848, CA1873, CA2254
        Assert.EndsWith(
            " level=ERROR source=Microsoft.AspNetCore.Server.Kestrel msg=\"Connection id \\\"7\\\" failed.\" err=why\n",
            output.ToString(), StringComparison.Ordinal);
        Assert.Single(output.ToString().TrimEnd('\n').Split('\n'));
    }

    [Fact]
    public void A_template_that_begins_with_a_value_takes_the_message_from_it()
    {
        var output = new StringWriter();
        using var loggers = new ConsoleLoggerFactory(output, LogFormat.Logfmt, LogLevel.Information, TimeProvider.System);
        ILogger log = loggers.CreateLogger("Forethought.Scrape");
#pragma warning disable CA1848, CA1873, CA2254 // The logger itself is what is tested.
        log.LogWarning("{Problem} {Target}", "Error on ingesting out-of-order samples", "x");
#pragma warning restore CA1848, CA1873, CA2254
        Assert.EndsWith(" source=Scrape msg=\"Error on ingesting out-of-order samples\" target=x\n", output.ToString(), StringComparison.Ordinal);
    }

    private static string Format(LogFormat format, LogLevel level, string message, params (string Key, object? Value)[] values) =>
        LogLine.Format(format, Time, level, "Server", message, values.Select(value => KeyValuePair.Create(value.Key, value.Value)));
}
