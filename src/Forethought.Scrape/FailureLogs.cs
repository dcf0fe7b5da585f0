using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Forethought.Http;

namespace Forethought.Scrape;

/// <summary>
/// The files of <c>scrape_failure_log_file</c>, each open once: a line of JSON for every request that failed. They are opened anew for
/// every configuration, so that a reload ends the use of files that were renamed. Thread-safe.
/// </summary>
internal sealed class FailureLogs : IDisposable
{
    // As upstream's slog: nothing is escaped for the sake of HTML.
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Lock _lock = new();
    private readonly Dictionary<string, FileStream> _files = new(StringComparer.Ordinal);
    private readonly ArrayBufferWriter<byte> _line = new();
    private bool _isDisposed;

    /// <exception cref="ScrapeConfigurationException">A file cannot be opened.</exception>
    public FailureLogs(IEnumerable<string> paths)
    {
        foreach (string path in paths.Where(path => path.Length > 0).Distinct(StringComparer.Ordinal))
        {
            try
            {
                _files.Add(path, new FileStream(path, new FileStreamOptions
                {
                    Mode = FileMode.Append,
                    Access = FileAccess.Write,
                    Share = FileShare.ReadWrite | FileShare.Delete,
                    BufferSize = 0,
                }));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
            {
                Dispose();
                throw new ScrapeConfigurationException($"can't create json log file: {Reason(path, e)}", e);
            }
        }
    }

    /// <summary>Writes a line, if <paramref name="path"/> is one of the files.</summary>
    public void Write(string path, DateTimeOffset time, string job, string target, string error)
    {
        lock (_lock)
        {
            if (_isDisposed || !_files.TryGetValue(path, out FileStream? file))
                return;
            _line.ResetWrittenCount();
            using (var json = new Utf8JsonWriter(_line, Plain))
            {
                json.WriteStartObject();
                json.WriteString("time", time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
                json.WriteString("level", "ERROR");
                json.WriteString("msg", error);
                json.WriteString("job_name", job);
                json.WriteString("target", target);
                json.WriteEndObject();
            }

            _line.Write("\n"u8);
            try
            {
                file.Write(_line.WrittenSpan);
            }
            catch (IOException)
            {
                // A full disk must not cost the scrape's report; the target's last error says the same.
            }
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
            foreach (FileStream file in _files.Values)
                file.Dispose();
            _files.Clear();
        }
    }

    private static string Reason(string path, Exception error) => Directory.Exists(path)
        ? $"open {path}: is a directory"
        : FileErrorText.Describe(path, error);
}
