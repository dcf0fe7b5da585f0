using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Forethought.Encoding;
using Forethought.Model;
using Microsoft.Extensions.Logging;

namespace Forethought.Logging;

/// <summary>
/// Formats one log entry as Prometheus does (Go's <c>log/slog</c>). The message is the template without its placeholders; each
/// placeholder becomes a key with its value: <c>"Loaded {file} {duration}"</c> gives <c>msg=Loaded file=… duration=…</c>,
/// and <c>"{problem} {file}"</c> takes the message from its first value.
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
            AppendValue(line, json, char.ToLowerInvariant(key[0]) + key[1..], value);
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

    // Durations are texts in logfmt and nanoseconds in JSON; numbers and truth values stand bare in both.
    private static void AppendValue(StringBuilder line, bool json, string key, object? value)
    {
        switch (value)
        {
            case TimeSpan duration when !json:
                Append(line, json, key, GoDuration.Format(duration));
                break;
            case TimeSpan duration:
                AppendBare(line, json, key, ((Int128)duration.Ticks * TimeSpan.NanosecondsPerTick).ToString(CultureInfo.InvariantCulture));
                break;
            case bool truth:
                AppendBare(line, json, key, truth ? "true" : "false");
                break;
            case int or long or uint or ulong or short or ushort or byte:
                AppendBare(line, json, key, Convert.ToString(value, CultureInfo.InvariantCulture)!);
                break;
            case null:
                AppendBare(line, json, key, json ? "null" : "<nil>");
                break;
            default:
                Append(line, json, key, Convert.ToString(value, CultureInfo.InvariantCulture) ?? "");
                break;
        }
    }

    private static void AppendBare(StringBuilder line, bool json, string key, string value)
    {
        AppendKey(line, json, key);
        line.Append(value);
    }

    private static void Append(StringBuilder line, bool json, string key, string value)
    {
        AppendKey(line, json, key);
        if (json)
        {
            line.Append('"').Append(JsonEncodedText.Encode(value, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)).Append('"');
            return;
        }

        string quoted = GoQuote.Quote(value);
        line.Append(NeedsQuotes(value, quoted) ? quoted : value);
    }

    private static void AppendKey(StringBuilder line, bool json, string key)
    {
        if (line.Length > 1)
            line.Append(json ? ',' : ' ');
        line.Append(json ? $"\"{key}\":" : $"{key}=");
    }

    // What quoting would escape needs quotes, a backslash alone does not (log/slog, needsQuoting).
    private static bool NeedsQuotes(string value, string quoted) =>
        value.Length == 0 || value.AsSpan().ContainsAny(' ', '=', '"') || value.Contains('\ufffd', StringComparison.Ordinal)
        || quoted.Length - 2 != value.Length + value.Count(c => c == '\\');
}
