using Forethought.Model;
using Forethought.Testing;
using Forethought.Tsdb.Blocks;
using Forethought.Tsdb.Compaction;
using Forethought.Tsdb.Tests.Platform;
using Forethought.Tsdb.Tests.Store;

namespace Forethought.Tsdb.Tests.Compaction;

/// <summary>Blocks that wait to be shipped, and a head that waits for its turn (upstream's exludeBlocksPendingUpload and CompactionDelay).</summary>
public sealed class UploadedBlocksTests : IDisposable
{
    private const long Hour = 3_600_000;

    private static readonly Labels Up = Labels.FromStrings("__name__", "up");

    private readonly TemporaryDirectory _directory = new();
    private readonly MemoryDisk _disk = new();
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.UnixEpoch + TimeSpan.FromHours(1000));
    private readonly List<string> _warnings = [];

    private string Uploaded => _directory.File("thanos.shipper.json");

    private TsdbOptions Options => new()
    {
        DataDirectory = _disk.Root,
        Retention = RetentionLimits.None,
        MaxBlockDuration = TimeSpan.FromHours(18),
        TimeProvider = _clock,
        Warned = _warnings.Add,
        UploadedBlocksFile = Uploaded,
    };

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Blocks_wait_until_they_are_uploaded()
    {
        Write([]);
        await using TsdbStore store = await TsdbStore.OpenAsync(Options);
        await FillAsync(store);
        Assert.Equal([1, 1, 1, 1], Levels());
        Ulid[] ulids = [.. Blocks().Select(block => block.Ulid).Order()];

        // Not all of the range: the third one and what comes after it wait.
        Write(ulids[..2]);
        await MaintainLaterAsync(store);
        Assert.Equal([1, 1, 1, 1], Levels());
        Write(ulids[..3]);
        await store.MaintainAsync();
        Assert.Equal([1, 1, 1, 1], Levels());
        await MaintainLaterAsync(store);
        Assert.Equal([1, 1, 1, 1], Levels());
        Write(ulids);
        await MaintainLaterAsync(store);
        Assert.Equal([1, 2], Levels());
        Assert.Empty(_warnings);
    }

    [Theory]
    [InlineData(null, "cannot open TSDB upload meta file: ")]
    [InlineData("{", "cannot parse TSDB upload meta file: ")]
    [InlineData("[]", "cannot parse TSDB upload meta file: ")]
    [InlineData("{\"uploaded\":7}", "cannot parse TSDB upload meta file: ")]
    public async Task Without_a_readable_file_none_waits(string? content, string warning)
    {
        if (content is not null)
            File.WriteAllText(Uploaded, content);
        await using TsdbStore store = await TsdbStore.OpenAsync(Options);
        await FillAsync(store);
        Assert.Equal([1, 2], Levels());
        Assert.All(_warnings, text => Assert.StartsWith(warning, text, StringComparison.Ordinal));
        Assert.NotEmpty(_warnings);
    }

    [Fact]
    public void The_head_waits_for_the_time_that_was_drawn_and_again_for_the_next_range()
    {
        var delay = new CompactionDelay(Options with { CompactionDelayMaxPercent = 100, Random = new Random(1) });
        TimeSpan expected = TimeSpan.FromMilliseconds(new Random(1).NextInt64(2 * Hour));
        foreach (int range in Enumerable.Range(0, 2))
        {
            Assert.False(delay.Holds(isCompactable: false), $"{range}");
            Assert.True(delay.Holds(isCompactable: true));
            _clock.Advance(expected - TimeSpan.FromMilliseconds(1));
            Assert.True(delay.Holds(isCompactable: true));
            _clock.Advance(TimeSpan.FromMilliseconds(1));
            Assert.False(delay.Holds(isCompactable: true));
        }
    }

    [Fact]
    public async Task A_delayed_head_is_written_once_the_time_is_over()
    {
        await using TsdbStore store = await TsdbStore.OpenAsync(
            Options with { UploadedBlocksFile = null, CompactionDelayMaxPercent = 100, Random = new Random(1) });
        await store.AppendAsync(Up, (Hour, 1));
        await store.AppendAsync(Up, (5 * Hour, 2));
        await store.MaintainAsync();
        Assert.Empty(Levels());
        _clock.Advance(TimeSpan.FromHours(2));
        await store.MaintainAsync();
        Assert.Equal([1], Levels());
    }

    // Three blocks that fill a range of six hours, and one more, which lets them be merged. Their names are in order of time.
    private async Task FillAsync(TsdbStore store)
    {
        foreach (int half in Enumerable.Range(0, 22))
        {
            await store.AppendAsync(Up, (half * Hour / 2, half));
            await store.MaintainAsync();
            _clock.Advance(TimeSpan.FromMilliseconds(1));
        }
    }

    private Task MaintainLaterAsync(TsdbStore store)
    {
        _clock.Advance(TimeSpan.FromSeconds(61));
        return store.MaintainAsync();
    }

    private void Write(Ulid[] uploaded) =>
        File.WriteAllText(Uploaded, $"{{\"version\":1,\"uploaded\":[{string.Join(',', uploaded.Select(ulid => $"\"{ulid}\""))}]}}");

    private List<int> Levels() => [.. Blocks().Select(block => block.Compaction.Level).Order()];

    private List<BlockMeta> Blocks() =>
        [.. _disk.Root.List().Where(entry => Ulid.TryParse(entry.Name, out _)).Select(entry => BlockMetaFile.Read(_disk.Root.GetDirectory(entry.Name), out _))];
}
