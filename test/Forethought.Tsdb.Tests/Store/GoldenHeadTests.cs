using System.Globalization;
using System.Text.Json;
using Forethought.Model;
using Forethought.Testing;

namespace Forethought.Tsdb.Tests.Store;

/// <summary>Directories that upstream wrote, opened here; expected is what upstream read after reopening them.</summary>
public sealed class GoldenHeadTests
{
    [Theory]
    [InlineData("xor")]
    [InlineData("xor2_st")]
    public async Task Replaying_what_upstream_wrote_gives_the_head_that_upstream_has(string name)
    {
        string golden = Conformance.Path($"golden/index/{name}");
        using var directory = new TemporaryDirectory();
        Copy(golden, directory.Path);
        var warnings = new List<string>();
        await using TsdbStore store = await TsdbStore.OpenAsync(new TsdbOptions { Path = directory.Path, Warned = warnings.Add });
        var all = await store.ReadAsync(long.MinValue, long.MaxValue);
        int series = 0;
        foreach (string line in File.ReadLines(Path.Combine(golden, "head_after_replay.jsonl")))
        {
            using JsonDocument document = JsonDocument.Parse(line);
            Labels labels = ReadLabels(document.RootElement.GetProperty("labels"));
            Assert.Equal(ReadSamples(document.RootElement.GetProperty("samples")), all[labels].Select(s => (s.TimeMs, Bits(s.Value))));
            series++;
        }

        Assert.Equal(series, all.Count);
        Assert.Empty(warnings);
    }

    private static Labels ReadLabels(JsonElement labels) =>
        Labels.FromStrings([.. labels.EnumerateArray().SelectMany(label => label.EnumerateArray().Select(text => text.GetString()!))]);

    private static IEnumerable<(long TimeMs, ulong Bits)> ReadSamples(JsonElement samples) =>
        samples.EnumerateArray().Select(sample => (sample[0].GetInt64(), ValueBits(sample[2])));

    // Of a histogram the sum stands in the value column.
    private static ulong ValueBits(JsonElement value) => ulong.Parse(
        value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetProperty("sum").GetString()!,
        NumberStyles.HexNumber,
        CultureInfo.InvariantCulture);

    private static ulong Bits(double value) => BitConverter.DoubleToUInt64Bits(value);

    private static void Copy(string from, string to)
    {
        foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }
}
