using Forethought.Model;
using Forethought.Storage;
using Forethought.Testing;
using Forethought.Tsdb.Platform;
using Forethought.Tsdb.Tests.Platform;

namespace Forethought.Tsdb.Tests.Store;

/// <summary>The file that <c>fast-startup</c> keeps, in the form in which upstream's <c>SeriesLifecycleState</c> is encoded.</summary>
public sealed class SeriesStateTests
{
    private static readonly Labels Up = Labels.FromStrings("__name__", "up");

    private readonly MemoryDisk _disk = new();
    private readonly FakeTimeProvider _time = new();
    private readonly List<string> _warnings = [];
    private readonly List<string> _notices = [];

    private TsdbOptions Options => new()
    {
        DataDirectory = _disk.Root,
        WalSegmentSize = 32 * 1024,
        KeepsSeriesState = true,
        TimeProvider = _time,
        Warned = _warnings.Add,
        Informed = _notices.Add,
    };

    [Fact]
    public async Task It_is_written_every_second_and_when_the_store_is_closed()
    {
        await using (TsdbStore store = await TsdbStore.OpenAsync(Options))
        {
            await store.AppendAsync(Up, (1000, 1));
            await store.AppendAsync(Labels.FromStrings("__name__", "other"), (1000, 1));
            await Eventually.Passes(() =>
            {
                _time.Advance(TimeSpan.FromSeconds(1));
                Assert.Equal("{\"last_series_id\":2,\"last_wal_segment\":0,\"clean_shutdown\":false}\n", Read());
                return Task.CompletedTask;
            });
        }

        Assert.Equal("{\"last_series_id\":2,\"last_wal_segment\":0,\"clean_shutdown\":true}\n", Read());
        Assert.DoesNotContain(_disk.Log.List(), entry => entry.Name.EndsWith(".tmp", StringComparison.Ordinal));
        Assert.Empty(_warnings);
    }

    [Fact]
    public async Task It_is_not_written_without_the_feature()
    {
        await using (TsdbStore store = await TsdbStore.OpenAsync(Options with { KeepsSeriesState = false }))
            await store.AppendAsync(Up, (1000, 1));
        Assert.DoesNotContain(_disk.Log.List(), entry => entry.Name.StartsWith("series_state", StringComparison.Ordinal));
    }

    // What had the references may be in blocks or with another component, though this log is gone.
    [Theory]
    [InlineData("{\"last_series_id\":1000,\"last_wal_segment\":3,\"clean_shutdown\":true}\n", 1001, "Fast startup: clean shutdown detected, restored last series ID last_series_id=1000")]
    [InlineData("{\"clean_shutdown\":false,\"last_series_id\":7,\"later\":[1]}", 8, "Fast startup: unclean shutdown detected from_segment=0 last_series_id=7")]
    public async Task References_given_out_before_are_not_given_out_again(string content, int next, string notice)
    {
        Write(content);
        await using TsdbStore store = await TsdbStore.OpenAsync(Options);
        using IAppender appender = store.OpenAppender();
        Assert.Equal((ulong)next, appender.Series(Up).Value);
        Assert.Equal([notice], _notices);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("{\"last_series_id\":")]
    [InlineData("{\"last_series_id\":\"x\"}")]
    public async Task A_damaged_file_is_reported_and_passed_over(string content)
    {
        Write(content);
        await using TsdbStore store = await TsdbStore.OpenAsync(Options);
        await store.AppendAsync(Up, (1000, 1));
        Assert.StartsWith("Failed to read series state file, skipping the fast startup: ", Assert.Single(_warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"last_series_id\":18446744073709551615,\"clean_shutdown\":true}")]
    [InlineData("{\"last_series_id\":-1,\"last_wal_segment\":99999999999,\"clean_shutdown\":1}")]
    public async Task Numbers_that_cannot_be_are_passed_over(string content)
    {
        Write(content);
        await using TsdbStore store = await TsdbStore.OpenAsync(Options);
        using IAppender appender = store.OpenAppender();
        Assert.Equal(1UL, appender.Series(Up).Value);
    }

    [Fact]
    public async Task A_full_disk_is_reported_and_samples_go_on()
    {
        await using (TsdbStore store = await TsdbStore.OpenAsync(Options))
        {
            await store.AppendAsync(Up, (1000, 1));
            _disk.Fault = (_, operation) => operation.Path.Contains("series_state", StringComparison.Ordinal) ? new DiskFault() : null;
        }

        Assert.StartsWith("Failed to write series state file: ", Assert.Single(_warnings), StringComparison.Ordinal);
    }

    private string Read()
    {
        using IStorageFile file = _disk.Log.Open("series_state.json", isWritable: false);
        byte[] bytes = new byte[file.Length];
        file.Read(bytes, 0);
        return System.Text.Encoding.UTF8.GetString(bytes);
    }

    private void Write(string content)
    {
        using IStorageFile file = _disk.Log.Create("series_state.json");
        file.Write(System.Text.Encoding.UTF8.GetBytes(content), 0);
    }
}
