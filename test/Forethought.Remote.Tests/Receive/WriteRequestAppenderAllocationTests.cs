using Forethought.Remote.Receive;
using Forethought.Testing;

namespace Forethought.Remote.Tests.Receive;

public sealed class WriteRequestAppenderAllocationTests
{
    [Theory]
    [InlineData("__name__=up,instance=host-17:9100,job=node")] // sorted, as senders write them
    [InlineData("job=node,__name__=up,instance=host-17:9100")]
    [InlineData("job=no name")]
    [InlineData("__name__=größe,job=node")]
    public void Allocates_nothing_for_series_and_samples_in_the_steady_state(string labels)
    {
        var request = new WriteRequestBuilder();
        for (int i = 0; i < 5000; i++)
            request.Series(labels + ",shard=" + i, (ReceiverHarness.NowMs, i), (ReceiverHarness.NowMs + 1, i));
        byte[] message = request.ToArray();
        var storage = new CountingStorage();
        var decoder = new WriteRequestAppender();
        decoder.Append(message, storage, long.MaxValue);

        Assert.Equal(0, Allocation.Of(() => decoder.Append(message, storage, long.MaxValue)));
        long rows = storage.Rows;
        decoder.Append(message, storage, long.MaxValue);
        Assert.Equal(labels.Contains("__name__", StringComparison.Ordinal) ? 10_000 : 0, storage.Rows - rows);
    }
}
