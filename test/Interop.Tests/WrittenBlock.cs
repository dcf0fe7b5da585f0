using System.Text.Json;

namespace Interop.Tests;

/// <summary>What a block's <c>meta.json</c> says of it.</summary>
internal sealed record WrittenBlock(string Name, long MinTime, long MaxTime, int Level, int Sources, int Samples, int Chunks, int Series)
{
    public static WrittenBlock Read(string file)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(file));
        JsonElement meta = document.RootElement, compaction = meta.GetProperty("compaction"), stats = meta.GetProperty("stats");
        return new WrittenBlock(
            meta.GetProperty("ulid").GetString()!,
            meta.GetProperty("minTime").GetInt64(),
            meta.GetProperty("maxTime").GetInt64(),
            compaction.GetProperty("level").GetInt32(),
            compaction.GetProperty("sources").GetArrayLength(),
            stats.GetProperty("numSamples").GetInt32(),
            stats.GetProperty("numChunks").GetInt32(),
            stats.GetProperty("numSeries").GetInt32());
    }
}
