using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace Forethought.Logging;

/// <summary>
/// Formats one log entry as Prometheus does (Go's <c>log/slog</c>). The message is the template without its placeholders; each
/// placeholder becomes a key with its value: <c>"Loaded {file} {duration}"</c> gives <c>msg=Loaded file=… duration=…</c>.
/// </summary>
internal static class LogLine
{
    public static string Format(
        LogFormat format,
        DateTimeOffset time,
        LogLevel level,
        string source,
        string message,
        IEnumerable<KeyValuePair<string, object?>> values)
    {
        var line = new StringBuilder(160);
        bool json = format == LogFormat.Json;
        if (json)
            line.Append('{');
        Append(line, json, "time", time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
        Append(line, json, "level", LevelName(level));
        Append(line, json, "source", source);
        Append(line, json, "msg", message);
        foreach ((string key, object? value) in values)
            Append(line, json, key, Convert.ToString(value, CultureInfo.InvariantCulture) ?? "null");
        if (json)
            line.Append('}');
        return line.Append('\n').ToString();
    }

    /// <summary>The text of a template up to its first placeholder.</summary>
    public static string MessageOf(string template)
    {
        int brace = template.IndexOf('{', StringComparison.Ordinal);
        return (brace < 0 ? template : template[..brace]).TrimEnd(' ', ':', ',');
    }

    private static string LevelName(LogLevel level) => level switch
    {
        LogLevel.Trace or LogLevel.Debug => "DEBUG",
        LogLevel.Information => "INFO",
        LogLevel.Warning => "WARN",
        _ => "ERROR",
    };

    private static void Append(StringBuilder line, bool json, string key, string value)
    {
        if (line.Length > 1)
            line.Append(json ? ',' : ' ');
        if (json)
        {
            line.Append('"').Append(JsonEncodedText.Encode(key)).Append("\":\"").Append(JsonEncodedText.Encode(value)).Append('"');
            return;
        }

        line.Append(key).Append('=');
        if (NeedsQuotes(value))
            line.Append(Model.GoQuote.Quote(value));
        else
            line.Append(value);
    }

    private static bool NeedsQuotes(string value) =>
        value.Length == 0 || value.Any(c => c is ' ' or '"' or '=' || char.IsControl(c) || char.IsWhiteSpace(c) || c == '\ufffd');
}
