using Forethought.Testing;
using Forethought.Tsdb.Memory;

namespace Forethought.Tsdb.Tests.Memory;

public sealed unsafe class EpochManagerTests : IDisposable
{
    private readonly NativeAllocator _allocator = new();
    private readonly EpochManager _epochs;

    public EpochManagerTests() => _epochs = new EpochManager(_allocator);

    public void Dispose()
    {
        _epochs.Dispose();
        _allocator.AssertNothingOutstanding();
    }

    [Fact]
    public void Retired_memory_lives_until_the_last_older_pin_is_gone()
    {
        EpochPin first = _epochs.Pin();
        EpochPin second = _epochs.Pin();
        _epochs.RetireMemory(_allocator.Allocate(64, MemoryPurpose.Postings), 64, MemoryPurpose.Postings);
        EpochPin later = _epochs.Pin();
        _epochs.Unpin(first);
        Assert.Equal(64, _allocator.TotalBytes);
        _epochs.Unpin(second);
        Assert.Equal(0, _allocator.TotalBytes);
        Assert.Equal(0, _epochs.RetiredCount);
        _epochs.Unpin(later);
    }

    [Fact]
    public void Callbacks_run_in_order_of_retirement()
    {
        var order = new List<int>();
        EpochPin first = _epochs.Pin();
        _epochs.Retire(() => order.Add(1));
        EpochPin second = _epochs.Pin();
        _epochs.Retire(() => order.Add(2));
        _epochs.Unpin(first);
        Assert.Equal([1], order);
        _epochs.Unpin(second);
        Assert.Equal([1, 2], order);
    }

    [Fact]
    public void Without_a_pin_a_drain_frees_at_once()
    {
        bool ran = false;
        _epochs.Retire(() => ran = true);
        _epochs.Drain();
        Assert.True(ran);
    }

    // A pin that is taken after a drain has looked at the pins, and before it is done.
    [Fact]
    public void What_is_retired_while_others_are_freed_waits_for_pins_of_that_time()
    {
        EpochPin pin = default;
        bool ran = false;
        _epochs.Retire(() =>
        {
            pin = _epochs.Pin();
            _epochs.Retire(() => ran = true);
        });
        _epochs.Drain();
        _epochs.Drain();
        Assert.False(ran);
        _epochs.Unpin(pin);
        Assert.True(ran);
    }

    [Fact]
    public void More_pins_than_one_segment_holds_are_all_honoured()
    {
        EpochPin[] pins = [.. Enumerable.Range(0, 700).Select(_ => _epochs.Pin())];
        Assert.Equal(700, pins.Select(pin => pin.Place).Distinct().Count());
        bool ran = false;
        _epochs.Retire(() => ran = true);
        foreach (EpochPin pin in pins)
        {
            Assert.False(ran);
            _epochs.Unpin(pin);
        }

        Assert.True(ran);
    }

    [Fact]
    public void A_pin_at_shutdown_is_reported()
    {
        EpochPin pin = _epochs.Pin();
        Assert.Throws<NativeMemoryException>(_epochs.Dispose);
        _epochs.Unpin(pin);
    }

    [Fact]
    public void Pinning_allocates_nothing()
    {
        _epochs.Unpin(_epochs.Pin());
        Assert.Equal(0, Allocation.Of(() =>
        {
            for (int i = 0; i < 1000; i++)
                _epochs.Unpin(_epochs.Pin());
        }));
    }

    [Fact]
    public void Readers_never_see_freed_memory_while_a_writer_replaces_it()
    {
        byte* memory = _allocator.Allocate(256, MemoryPurpose.Postings);
        new Span<byte>(memory, 256).Fill(1);
        nint published = (nint)memory;
        bool stop = false;
        int torn = 0;
        Thread[] readers = [.. Enumerable.Range(0, 3).Select(_ => new Thread(() =>
        {
            while (!Volatile.Read(ref stop))
            {
                EpochPin pin = _epochs.Pin();
                var seen = new ReadOnlySpan<byte>((void*)Volatile.Read(ref published), 256);
                if (seen.Contains(PoisonMode.FreedByte))
                    Interlocked.Increment(ref torn);
                _epochs.Unpin(pin);
            }
        }))];
        foreach (Thread reader in readers)
            reader.Start();
        for (int i = 0; i < 20_000; i++)
        {
            byte* next = _allocator.Allocate(256, MemoryPurpose.Postings);
            new Span<byte>(next, 256).Fill((byte)(i % 100));
            nint old = Interlocked.Exchange(ref published, (nint)next);
            _epochs.RetireMemory((void*)old, 256, MemoryPurpose.Postings);
        }

        Volatile.Write(ref stop, true);
        foreach (Thread reader in readers)
            reader.Join();
        Assert.Equal(0, torn);
        _epochs.Drain();
        _allocator.Free((void*)published, 256, MemoryPurpose.Postings);
    }
}
