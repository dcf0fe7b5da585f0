using System.Globalization;
using System.Text.Json;
using Forethought.Tsdb.Platform;

namespace Forethought.Tsdb.Head;

/// <summary>
/// Upstream's <c>series_state.json</c> in the log's directory: the newest reference that was given out, the segment being written, and
/// whether the store was closed. Who reads it need not read the log to know which references are free. For one thread at a time.
/// </summary>
internal sealed class SeriesStateFile(IStorageDirectory log)
{
    /// <summary>The file's name.</summary>
    public const string FileName = "series_state.json";

    private const string TemporaryName = FileName + ".tmp";

    private (ulong NewestReference, int Segment, bool IsClosed)? _written;

    /// <summary>Reads the file; null if there is none.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="JsonException">It is damaged.</exception>
    /// <exception cref="InvalidOperationException">It is something else.</exception>
    public (ulong NewestReference, int Segment, bool IsClosed)? Read()
    {
        if (!log.List().Any(entry => !entry.IsDirectory && entry.Name == FileName))
            return null;
        using IStorageFile file = log.Open(FileName, isWritable: false);

        // Three numbers: what is longer is something else.
        Span<byte> bytes = stackalloc byte[512];
        int length = file.Read(bytes, 0);
        using JsonDocument document = JsonDocument.Parse(bytes[..length].ToArray());
        return (
            Property(document.RootElement, "last_series_id") is { } newest && newest.TryGetUInt64(out ulong reference) ? reference : 0,
            Property(document.RootElement, "last_wal_segment") is { } last && last.TryGetInt32(out int segment) ? segment : 0,
            Property(document.RootElement, "clean_shutdown") is { ValueKind: JsonValueKind.True });
    }

    /// <summary>Writes the file if that would change it.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Write(ulong newestReference, int segment, bool isClosed)
    {
        if (_written == (newestReference, segment, isClosed))
            return;
        string text = string.Create(
            CultureInfo.InvariantCulture,
            $"{{\"last_series_id\":{newestReference},\"last_wal_segment\":{segment},\"clean_shutdown\":{(isClosed ? "true" : "false")}}}\n");
        using (IStorageFile file = log.Create(TemporaryName))
            file.Write(System.Text.Encoding.ASCII.GetBytes(text), 0);
        log.Rename(TemporaryName, FileName);
        _written = (newestReference, segment, isClosed);
    }

    private static JsonElement? Property(JsonElement state, string name) =>
        state.TryGetProperty(name, out JsonElement value) ? value : null;
}
