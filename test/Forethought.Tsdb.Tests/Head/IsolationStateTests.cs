using Forethought.Tsdb.Head;

namespace Forethought.Tsdb.Tests.Head;

public sealed class IsolationStateTests
{
    private readonly IsolationState _isolation = new();

    [Fact]
    public async Task A_transaction_is_published_when_it_and_all_before_it_are_done()
    {
        PublishSignal first = new(), second = new(), third = new();
        long one = _isolation.Begin(first), two = _isolation.Begin(second), three = _isolation.Begin(third);
        Task secondDone = _isolation.Complete(second, two).AsTask();
        Assert.False(secondDone.IsCompleted);
        Assert.Equal(0, Bound());
        Task firstDone = _isolation.Complete(first, one).AsTask();
        await firstDone;
        await secondDone;
        Assert.Equal(2, Bound());
        await _isolation.Complete(third, three);
        Assert.Equal(3, Bound());
    }

    [Fact]
    public async Task A_transaction_that_marked_with_a_later_number_is_published_together_with_it()
    {
        PublishSignal first = new(), second = new();
        long one = _isolation.Begin(first), two = _isolation.Begin(second);
        Task firstDone = _isolation.Complete(first, two).AsTask();
        Assert.False(firstDone.IsCompleted);
        Assert.Equal(one - 1, Bound());
        await _isolation.Complete(second, two);
        await firstDone;
        Assert.Equal(two, Bound());
    }

    [Fact]
    public async Task A_signal_serves_one_transaction_after_another()
    {
        var signal = new PublishSignal();
        for (long number = 1; number < 5; number++)
        {
            Assert.Equal(number, _isolation.Begin(signal));
            await _isolation.Complete(signal, number);
        }
    }

    [Fact]
    public async Task Waiting_for_open_transactions_does_not_wait_for_later_ones()
    {
        LinkedListNode<OpenAppend> early = new(new OpenAppend()), late = new(new OpenAppend());
        _isolation.OpenAppend(early);
        Task earlyClosed = _isolation.WhenAppendsClosed();
        _isolation.OpenAppend(late);
        Assert.False(earlyClosed.IsCompleted);
        _isolation.CloseAppend(early);
        await earlyClosed;

        // An appender is used again; who waited for its first transaction is not concerned.
        _isolation.OpenAppend(early);
        Task bothClosed = _isolation.WhenAppendsClosed();
        _isolation.CloseAppend(early);
        Assert.False(bothClosed.IsCompleted);
        _isolation.CloseAppend(late);
        await bothClosed;
        Assert.True(_isolation.WhenAppendsClosed().IsCompleted);
    }

    [Fact]
    public async Task The_watermark_is_the_oldest_readers_bound()
    {
        await CommitAsync();
        var old = _isolation.OpenRead(0, 10);
        await CommitAsync();
        var young = _isolation.OpenRead(0, 10);
        await CommitAsync();
        Assert.Equal(1, _isolation.Watermark);
        _isolation.CloseRead(old);
        Assert.Equal(2, _isolation.Watermark);
        _isolation.CloseRead(young);
        Assert.Equal(3, _isolation.Watermark);
        Assert.Equal(0, _isolation.OpenReads);
    }

    [Fact]
    public async Task Waiting_for_readers_concerns_those_that_are_open_and_want_older_samples()
    {
        Assert.True(_isolation.WhenReadersBeforeClosed(100).IsCompleted);
        var newer = _isolation.OpenRead(100, 200);
        var older = _isolation.OpenRead(99, 200);
        Task closed = _isolation.WhenReadersBeforeClosed(100);
        var later = _isolation.OpenRead(0, 200);
        Assert.False(closed.IsCompleted);
        _isolation.CloseRead(older);
        await closed;
        _isolation.CloseRead(newer);
        _isolation.CloseRead(later);
    }

    private async Task CommitAsync()
    {
        var signal = new PublishSignal();
        long number = _isolation.Begin(signal);
        await _isolation.Complete(signal, number);
    }

    private long Bound()
    {
        var read = _isolation.OpenRead(0, 0);
        _isolation.CloseRead(read);
        return read.Value.Bound;
    }
}
