using Forethought.Model;
using Forethought.Storage;
using Forethought.Tsdb.Head;

namespace Forethought.Tsdb.Tests.Head;

public sealed class AppenderPoolTests : IDisposable
{
    private readonly HeadState _head = new(new TsdbOptions());
    private readonly AppenderPool _pool;

    public AppenderPoolTests() => _pool = new AppenderPool(_head, null);

    public void Dispose() => _head.Dispose();

    [Fact]
    public void Open_appenders_are_different_and_a_disposed_one_is_used_again()
    {
        HeadAppender first = _pool.Open(), second = _pool.Open();
        Assert.NotSame(first, second);
        Assert.Equal(2, _head.Counters.ActiveAppenders);
        first.Dispose();
        HeadAppender third = _pool.Open();
        Assert.Same(first, third);
        second.Dispose();
        third.Dispose();
        Assert.Equal(0, _head.Counters.ActiveAppenders);
        Assert.Equal(3, _head.Counters.AppendersCreated);
    }

    [Fact]
    public void An_appender_that_is_disposed_twice_is_not_given_to_two()
    {
        HeadAppender first = _pool.Open();
        first.Dispose();
        first.Dispose();
        using HeadAppender second = _pool.Open();
        using HeadAppender third = _pool.Open();
        Assert.NotSame(second, third);
    }

    // Hundreds may be open while the disk is slow; each keeps the buffers of the largest transaction it ever had.
    [Fact]
    public void Few_appenders_are_kept_of_many_that_were_open_at_once()
    {
        HashSet<HeadAppender> first = [.. OpenAndClose(200)];
        Assert.Equal(200, first.Count);
        Assert.InRange(OpenAndClose(200).Count(first.Contains), 1, 16);
        Assert.Equal(0, _head.Counters.ActiveAppenders);
    }

    [Fact]
    public async Task An_appender_that_committed_goes_back_only_when_it_is_disposed()
    {
        HeadAppender first = _pool.Open();
        await first.CommitAsync(TestContext.Current.CancellationToken);
        HeadAppender second = _pool.Open();
        Assert.NotSame(first, second);
        first.Dispose();
        second.Dispose();
    }

    [Fact]
    public async Task Nothing_of_one_transaction_is_left_in_the_next()
    {
        Labels labels = Labels.FromStrings("__name__", "m");
        var batch = new AppendBatch();
        using (HeadAppender appender = _pool.Open())
        {
            batch.Add(appender.GetOrCreate(labels.Packed, labels.Hash(), out _), 1000, 1);
            appender.Append(batch);
            appender.Rollback();
        }

        using (HeadAppender appender = _pool.Open())
            await appender.CommitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, _head.Counters.FloatsAppended);
        Assert.Equal(0, _head.Counters.ChunksCreated);
    }

    [Fact]
    public void A_batch_appended_in_parts_is_one_transaction_and_its_buffers_may_grow()
    {
        using HeadAppender appender = _pool.Open();
        var batch = new AppendBatch();
        for (int part = 0; part < 5; part++)
        {
            batch.Clear();
            for (int i = 0; i < 30_000; i++)
            {
                Labels labels = Labels.FromStrings("i", $"{i}");
                batch.Add(appender.GetOrCreate(labels.Packed, labels.Hash(), out _), part, i);
            }

            Assert.Equal(0, appender.Append(batch));
        }

        Assert.Equal(0, _head.Counters.FloatsAppended);
        appender.Rollback();
    }

    private List<HeadAppender> OpenAndClose(int count)
    {
        List<HeadAppender> appenders = [.. Enumerable.Range(0, count).Select(_ => _pool.Open())];
        foreach (HeadAppender appender in appenders)
            appender.Dispose();
        return appenders;
    }
}
