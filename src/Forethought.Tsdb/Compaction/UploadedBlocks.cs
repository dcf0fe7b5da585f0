using System.Text.Json;
using Forethought.Tsdb.Blocks;

namespace Forethought.Tsdb.Compaction;

/// <summary>
/// Which blocks a program that ships blocks elsewhere has shipped: a JSON file with the list <c>uploaded</c>, looked at once a minute at
/// most. A block of the first level that is not in it waits to be merged. Without a readable file none waits. Not thread-safe.
/// </summary>
internal sealed class UploadedBlocks(TsdbOptions options)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(1);

    private HashSet<string>? _uploaded;
    private long _read;

    /// <summary>The blocks that may be merged: all up to the first one that waits, in the order in which they were made.</summary>
    public IEnumerable<Block> Mergeable(IEnumerable<Block> blocks) => options.UploadedBlocksFile is not { } path
        ? blocks
        : blocks.OrderBy(block => block.Meta.Ulid).TakeWhile(block => !Waits(block.Meta, path));

    private bool Waits(BlockMeta block, string path) =>
        block.Compaction.Level <= 1 && Uploaded(path) is { } uploaded && !uploaded.Contains(block.Ulid.ToString());

    private HashSet<string>? Uploaded(string path)
    {
        if (_uploaded is not null && options.TimeProvider.GetElapsedTime(_read) < Fresh)
            return _uploaded;
        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
            _uploaded = Read(document.RootElement);
            _read = options.TimeProvider.GetTimestamp();
            return _uploaded;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            options.Warned?.Invoke($"cannot open TSDB upload meta file: path={path} err={e.Message}");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            options.Warned?.Invoke($"cannot parse TSDB upload meta file: path={path} err={e.Message}");
        }

        return null;
    }

    private static HashSet<string> Read(JsonElement root)
    {
        if (!root.TryGetProperty("uploaded", out JsonElement uploaded) || uploaded.ValueKind == JsonValueKind.Null)
            return [];
        return [.. uploaded.EnumerateArray().Select(name => name.GetString() ?? "")];
    }
}
