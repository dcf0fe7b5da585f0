using Forethought.Tsdb.Memory;

namespace Forethought.Tsdb.Tests.Memory;

public sealed class HashSlotsTests : IDisposable
{
    private readonly NativeAllocator _allocator = new();
    private readonly EpochManager _epochs;
    private readonly HashSlots _table;

    public HashSlotsTests()
    {
        _epochs = new EpochManager(_allocator);
        _table = new HashSlots(_allocator, _epochs, MemoryPurpose.SeriesTables);
    }

    public void Dispose()
    {
        _epochs.Dispose();
        _table.Dispose();
        _allocator.AssertNothingOutstanding();
    }

    [Fact]
    public void Random_use_agrees_with_a_dictionary()
    {
        var random = new Random(11);
        var model = new Dictionary<uint, HashSet<uint>>();
        for (uint step = 0; step < 60_000; step++)
        {
            // Few hashes, so that many are equal or collide in their low bits.
            uint hash = (uint)random.Next(3000) << random.Next(3);
            if (!model.TryGetValue(hash, out HashSet<uint>? values))
                model.Add(hash, values = []);
            if (values.Count > 0 && random.Next(5) < 2)
            {
                uint removed = values.First();
                values.Remove(removed);
                _table.Remove(hash, removed);
            }
            else
            {
                values.Add(step);
                _table.Insert(hash, step);
            }
        }

        Assert.Equal(model.Values.Sum(values => values.Count), _table.Count);
        foreach ((uint hash, HashSet<uint> values) in model)
            Assert.Equal(values.Order(), Find(hash).Order());
    }

    [Fact]
    public void The_extreme_hashes_and_values_are_found()
    {
        foreach (uint hash in new[] { 0u, 1u, uint.MaxValue })
        {
            _table.Insert(hash, 0);
            _table.Insert(hash, uint.MaxValue - 3);
            Assert.Equal([0u, uint.MaxValue - 3], Find(hash));
        }
    }

    [Fact]
    public void Removing_and_adding_for_ever_does_not_grow_the_table()
    {
        for (uint i = 0; i < 40; i++)
            _table.Insert(i * 77, i);
        long bytes = _allocator.TotalBytes;
        for (uint i = 40; i < 100_000; i++)
        {
            _table.Remove((i - 40) * 77, i - 40);
            _table.Insert(i * 77, i);
            _epochs.Drain();
        }

        Assert.InRange(_allocator.TotalBytes, bytes, 2 * bytes);
        Assert.Equal(40, _table.Count);
    }

    [Fact]
    public void A_reader_finds_what_was_there_when_it_began_while_the_table_grows()
    {
        for (uint i = 0; i < 1000; i++)
            _table.Insert(i, i);
        bool stop = false;
        int missed = 0;
        var reader = new Thread(() =>
        {
            while (!Volatile.Read(ref stop))
            {
                EpochPin pin = _epochs.Pin();
                for (uint i = 0; i < 1000; i++)
                    missed += Find(i).Contains(i) ? 0 : 1;
                _epochs.Unpin(pin);
            }
        });
        reader.Start();
        for (uint i = 1000; i < 200_000; i++)
            _table.Insert(i * 2654435761u, i);
        Volatile.Write(ref stop, true);
        reader.Join();
        Assert.Equal(0, missed);
    }

    private List<uint> Find(uint hash)
    {
        var found = new List<uint>();
        HashSlots.Cursor cursor = _table.Find(hash);
        while (cursor.Next(out uint value))
            found.Add(value);
        return found;
    }
}
