using System.Text.Json;

namespace Forethought.Tsdb.Head;

/// <summary>What the head has to know of the blocks beside it.</summary>
internal static class BlockTimes
{
    private const string OutOfOrderHint = "from-out-of-order";

    /// <summary>
    /// The end of the newest block that was written from in-order samples: what is older in the log is in blocks already.
    /// <see cref="long.MinValue"/> without one. A block whose <c>meta.json</c> is missing or unreadable does not count.
    /// </summary>
    public static long FindMinValidTime(string dataDirectory)
    {
        long newest = long.MinValue;
        if (!Directory.Exists(dataDirectory))
            return newest;
        foreach (string directory in Directory.EnumerateDirectories(dataDirectory))
        {
            string meta = Path.Combine(directory, "meta.json");
            if (Path.GetFileName(directory).Length == 26 && File.Exists(meta))
                newest = Math.Max(newest, ReadMaxTime(meta));
        }

        return newest;
    }

    private static long ReadMaxTime(string path)
    {
        try
        {
            using JsonDocument meta = JsonDocument.Parse(File.ReadAllBytes(path));
            JsonElement root = meta.RootElement;
            bool isOutOfOrder = root.TryGetProperty("compaction", out JsonElement compaction)
                && compaction.TryGetProperty("hints", out JsonElement hints)
                && hints.EnumerateArray().Any(hint => hint.GetString() == OutOfOrderHint);
            return isOutOfOrder ? long.MinValue : root.GetProperty("maxTime").GetInt64();
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return long.MinValue;
        }
    }
}
