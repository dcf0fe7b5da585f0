using Forethought.Model;
using Forethought.Storage;
using Forethought.Tsdb.Head;
using Forethought.Tsdb.Tests.Store;

namespace Forethought.Tsdb.Tests.Head;

/// <summary>Two transactions that write at the same time, step by step.</summary>
public sealed class TransactionOrderTests : IDisposable
{
    private readonly HeadFixture _fixture = new(chunkRangeMs: 7_200_000);
    private readonly PublishSignal _first = new();
    private readonly PublishSignal _second = new();

    private IsolationState Isolation => _fixture.Head.Isolation;

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task Who_comes_second_to_a_series_with_the_lower_number_is_published_with_the_higher_one()
    {
        uint a = _fixture.Create("a"), b = _fixture.Create("b");
        var first = new TransactionMark(Isolation.Begin(_first), Isolation.Watermark);
        var second = new TransactionMark(Isolation.Begin(_second), Isolation.Watermark);
        Append(a, 1000, 2, ref second);
        Append(a, 2000, 1, ref first);
        Append(b, 1000, 1, ref first);
        Assert.Equal(second.Number, first.PublishWith);
        Task firstDone = Isolation.Complete(_first, first.PublishWith).AsTask();
        Assert.False(firstDone.IsCompleted);

        // Neither shows: the first one's sample in "a" stands behind one that must not be seen yet.
        Assert.Empty(await ReadAsync());
        Append(b, 2000, 2, ref second);
        await Isolation.Complete(_second, second.PublishWith);
        await firstDone;
        var all = await ReadAsync();
        Assert.Equal([(1000, 2), (2000, 1)], all[Labels.FromStrings("a", "a")]);
        Assert.Equal([(1000, 1), (2000, 2)], all[Labels.FromStrings("a", "b")]);
    }

    [Fact]
    public async Task A_later_transaction_on_other_series_waits_for_the_earlier_one()
    {
        uint a = _fixture.Create("a"), b = _fixture.Create("b");
        var first = new TransactionMark(Isolation.Begin(_first), Isolation.Watermark);
        var second = new TransactionMark(Isolation.Begin(_second), Isolation.Watermark);
        Append(b, 1000, 2, ref second);
        Task secondDone = Isolation.Complete(_second, second.PublishWith).AsTask();
        Assert.Empty(await ReadAsync());
        Append(a, 1000, 1, ref first);
        await Isolation.Complete(_first, first.PublishWith);
        await secondDone;
        Assert.Equal(2, (await ReadAsync()).Count);
    }

    [Fact]
    public async Task More_samples_of_one_transaction_than_a_run_can_count_are_hidden_and_shown_together()
    {
        uint a = _fixture.Create("a");
        var mark = new TransactionMark(Isolation.Begin(_first), Isolation.Watermark);
        for (int i = 0; i < 70_000; i++)
            Append(a, i, 1, ref mark);
        Assert.Empty(await ReadAsync());
        await Isolation.Complete(_first, mark.PublishWith);
        Assert.Equal(70_000, (await ReadAsync())[Labels.FromStrings("a", "a")].Count);
    }

    private void Append(uint slot, long timeMs, double value, ref TransactionMark mark)
    {
        HeadShard shard = _fixture.Head.ShardOf(slot);
        lock (shard.Lock)
            Assert.Equal(AppendOutcome.Accepted, _fixture.Head.Writer.AppendFloat(shard, slot, timeMs, value, 0, ref mark));
        _fixture.Head.Bounds.Include(timeMs, timeMs);
    }

    private async Task<SortedDictionary<Labels, List<(long TimeMs, double Value)>>> ReadAsync()
    {
        using var querier = new HeadQuerier(_fixture.Head, 0, long.MaxValue);
        return await querier.ReadAsync(new Matcher(Forethought.Model.MatchType.NotEqual, "a", ""));
    }
}
