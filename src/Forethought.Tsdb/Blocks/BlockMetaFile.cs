using System.Text.Json;
using Forethought.Tsdb.Platform;

namespace Forethought.Tsdb.Blocks;

/// <summary>Reads and writes <c>meta.json</c> in the layout of Go's encoder: indented by tabs, zero counts and empty lists left out.</summary>
internal static class BlockMetaFile
{
    public const string Name = "meta.json";

    private const string TemporaryName = Name + ".tmp";
    private const int Version = 1;

    /// <summary>No such file is longer: Go's is some hundred bytes, and 100 for each parent.</summary>
    private const int MaxBytes = 16 << 20;

    /// <summary>Reads the file of a block's directory.</summary>
    /// <param name="directory">The block's directory.</param>
    /// <param name="size">The file's length in bytes.</param>
    /// <exception cref="TsdbCorruptionException">It is not what it should be.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static BlockMeta Read(IStorageDirectory directory, out long size)
    {
        byte[] json = ReadBytes(directory, out string path);
        size = json.Length;
        return Parse(json, path);
    }

    /// <summary>Reads the file of a block's directory, whatever version it says.</summary>
    /// <exception cref="TsdbCorruptionException">It is not what it should be.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static BlockMeta ReadAnyVersion(IStorageDirectory directory, out long version)
    {
        byte[] json = ReadBytes(directory, out string path);
        return Parse(json, path, out version);
    }

    /// <summary>Replaces the file of a block's directory; after a crash there is the old one or the new one.</summary>
    /// <returns>Its length in bytes.</returns>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static long Write(IStorageDirectory directory, BlockMeta meta)
    {
        byte[] json = Format(meta);
        using (IStorageFile file = directory.Create(TemporaryName))
        {
            file.Write(json, 0);
            file.Sync();
        }

        directory.Rename(TemporaryName, Name);
        directory.Sync();
        return json.Length;
    }

    /// <summary>Reads what a file holds.</summary>
    /// <exception cref="TsdbCorruptionException">It is not what it should be.</exception>
    public static BlockMeta Parse(ReadOnlyMemory<byte> json, string path)
    {
        BlockMeta meta = Parse(json, path, out long version);
        if (version != Version)
            throw Unexpected(version, path);
        return meta;
    }

    /// <summary>What the file of a block holds; without indentation as the API shows it.</summary>
    public static byte[] Format(BlockMeta meta, bool isIndented = true)
    {
        using var bytes = new MemoryStream();
        var layout = new JsonWriterOptions
        {
            Indented = isIndented,
            IndentCharacter = '\t',
            IndentSize = 1,
            NewLine = "\n",
            Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        };
        using (var json = new Utf8JsonWriter(bytes, layout))
        {
            json.WriteStartObject();
            json.WriteString("ulid", meta.Ulid.ToString());
            json.WriteNumber("minTime", meta.MinTimeMs);
            json.WriteNumber("maxTime", meta.MaxTimeMs);
            WriteStats(json, meta.Stats);
            WriteCompaction(json, meta.Compaction);
            json.WriteNumber("version", Version);
            json.WriteEndObject();
        }

        return bytes.ToArray();
    }

    /// <summary>An error in upstream's words.</summary>
    public static TsdbCorruptionException Unexpected(long version, string path) =>
        TsdbCorruptionException.InFile(path, 0, $"unexpected meta file version {version}", $"{Version}", $"{version}");

    private static byte[] ReadBytes(IStorageDirectory directory, out string path)
    {
        path = Path.Combine(directory.FullName, Name);
        using IStorageFile file = directory.Open(Name, isWritable: false);
        if (file.Length > MaxBytes)
            throw TsdbCorruptionException.InFile(path, 0, "block metadata is too long", $"at most {MaxBytes} bytes", $"{file.Length} bytes");
        byte[] json = new byte[file.Length];
        int read = file.Read(json, 0);
        return json[..read];
    }

    private static BlockMeta Parse(ReadOnlyMemory<byte> json, string path, out long version)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            JsonElement root = document.RootElement;
            version = Number(root, "version");
            if (version == 0)
                throw Unexpected(version, path);
            return new BlockMeta
            {
                Ulid = ReadUlid(root),
                MinTimeMs = Number(root, "minTime"),
                MaxTimeMs = Number(root, "maxTime"),
                Stats = root.TryGetProperty("stats", out JsonElement stats) ? ReadStats(stats) : new BlockStats(),
                Compaction = root.TryGetProperty("compaction", out JsonElement compaction) ? ReadCompaction(compaction) : new BlockCompaction(),
            };
        }
        catch (JsonException e)
        {
            string message = "block metadata is not valid JSON: " + e.Message;
            throw TsdbCorruptionException.InFile(path, e.BytePositionInLine ?? 0, message, "JSON", "something else");
        }
        catch (Exception e) when (e is FormatException or InvalidOperationException or KeyNotFoundException)
        {
            throw TsdbCorruptionException.InFile(path, 0, "block metadata: " + e.Message, "a block's metadata", "other JSON");
        }
    }

    private static Ulid ReadUlid(JsonElement element) =>
        Ulid.Parse(element.GetProperty("ulid").GetString());

    private static long Number(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement number) ? number.GetInt64() : 0;

    private static ulong Count(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement number) ? number.GetUInt64() : 0;

    private static bool Flag(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement flag) && flag.GetBoolean();

    private static T[] Items<T>(JsonElement element, string name, Func<JsonElement, T> read) =>
        element.TryGetProperty(name, out JsonElement items) && items.ValueKind != JsonValueKind.Null
            ? [.. items.EnumerateArray().Select(read)]
            : [];

    private static BlockStats ReadStats(JsonElement stats) => new()
    {
        Samples = Count(stats, "numSamples"),
        FloatSamples = Count(stats, "numFloatSamples"),
        HistogramSamples = Count(stats, "numHistogramSamples"),
        Series = Count(stats, "numSeries"),
        Chunks = Count(stats, "numChunks"),
        Tombstones = Count(stats, "numTombstones"),
    };

    private static BlockCompaction ReadCompaction(JsonElement compaction) => new()
    {
        Level = checked((int)Math.Clamp(Number(compaction, "level"), int.MinValue, int.MaxValue)),
        Sources = Items(compaction, "sources", source => Ulid.Parse(source.GetString())),
        IsDeletable = Flag(compaction, "deletable"),
        Parents = Items(compaction, "parents", ReadDescription),
        HasFailed = Flag(compaction, "failed"),
        Hints = Items(compaction, "hints", hint => hint.GetString() ?? ""),
    };

    private static BlockDescription ReadDescription(JsonElement parent) =>
        new(ReadUlid(parent), Number(parent, "minTime"), Number(parent, "maxTime"));

    private static void WriteStats(Utf8JsonWriter json, BlockStats stats)
    {
        json.WriteStartObject("stats");
        WriteCount(json, "numSamples", stats.Samples);
        WriteCount(json, "numFloatSamples", stats.FloatSamples);
        WriteCount(json, "numHistogramSamples", stats.HistogramSamples);
        WriteCount(json, "numSeries", stats.Series);
        WriteCount(json, "numChunks", stats.Chunks);
        WriteCount(json, "numTombstones", stats.Tombstones);
        json.WriteEndObject();
    }

    private static void WriteCount(Utf8JsonWriter json, string name, ulong count)
    {
        if (count > 0)
            json.WriteNumber(name, count);
    }

    private static void WriteCompaction(Utf8JsonWriter json, BlockCompaction compaction)
    {
        json.WriteStartObject("compaction");
        json.WriteNumber("level", compaction.Level);
        WriteItems(json, "sources", compaction.Sources, source => json.WriteStringValue(source.ToString()));
        if (compaction.IsDeletable)
            json.WriteBoolean("deletable", true);
        WriteItems(json, "parents", compaction.Parents, parent =>
        {
            json.WriteStartObject();
            json.WriteString("ulid", parent.Ulid.ToString());
            json.WriteNumber("minTime", parent.MinTimeMs);
            json.WriteNumber("maxTime", parent.MaxTimeMs);
            json.WriteEndObject();
        });
        if (compaction.HasFailed)
            json.WriteBoolean("failed", true);
        WriteItems(json, "hints", compaction.Hints, json.WriteStringValue);
        json.WriteEndObject();
    }

    private static void WriteItems<T>(Utf8JsonWriter json, string name, IReadOnlyList<T> items, Action<T> write)
    {
        if (items.Count == 0)
            return;
        json.WriteStartArray(name);
        foreach (T item in items)
            write(item);
        json.WriteEndArray();
    }
}
