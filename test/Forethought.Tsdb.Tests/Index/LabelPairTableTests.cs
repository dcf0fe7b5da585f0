using Forethought.Model;
using Forethought.Tsdb.Index;
using Forethought.Tsdb.Memory;

namespace Forethought.Tsdb.Tests.Index;

public sealed class LabelPairTableTests : IDisposable
{
    private readonly NativeAllocator _allocator = new();
    private readonly EpochManager _epochs;
    private readonly LabelPairTable _pairs;

    public LabelPairTableTests()
    {
        _epochs = new EpochManager(_allocator);
        _pairs = new LabelPairTable(_allocator, _epochs);
    }

    public void Dispose()
    {
        _epochs.Dispose();
        _pairs.Dispose();
        _allocator.AssertNothingOutstanding();
    }

    [Fact]
    public void The_same_name_and_value_get_the_same_number()
    {
        uint first = _pairs.Intern("job"u8, "node"u8);
        Assert.Equal(first, _pairs.Intern("job"u8, "node"u8));
        Assert.NotEqual(first, _pairs.Intern("job"u8, "nod"u8));
        Assert.NotEqual(first, _pairs.Intern("jobn"u8, "ode"u8));
        Assert.Equal("job", _pairs.NameOf(first).Text);
        Assert.Equal("node"u8, _pairs[first].ValueBytes);
        Assert.True(_pairs.TryFind("job"u8, "node"u8, out uint found));
        Assert.Equal(first, found);
        Assert.False(_pairs.TryFind("job"u8, "other"u8, out _));
        Assert.Equal(3, _pairs.Count);
    }

    [Fact]
    public void Values_of_any_length_come_back_whole()
    {
        string[] values = [.. new[] { 1, 7, 8, 254, 255, 256, 1024, 1025, 70_000 }.Select(length => new string('v', length))];
        uint[] numbers = [.. values.Select(value => _pairs.Intern("long"u8, System.Text.Encoding.UTF8.GetBytes(value)))];
        for (int i = 0; i < values.Length; i++)
            Assert.Equal(values[i], System.Text.Encoding.UTF8.GetString(_pairs[numbers[i]].ValueBytes));
        foreach (uint number in numbers)
            _pairs.Remove(number);
    }

    [Theory]
    [InlineData(1024)]
    [InlineData(1025)]
    [InlineData(1_000_000)]
    public void Disposal_leaves_no_value_behind(int length)
    {
        // Checked by the fixture's disposal: one value in use, one removed.
        uint removed = _pairs.Intern("long"u8, System.Text.Encoding.UTF8.GetBytes(new string('a', length)));
        _pairs.Intern("long"u8, System.Text.Encoding.UTF8.GetBytes(new string('b', length)));
        _pairs.Remove(removed);
        Assert.Equal(1, _pairs.Count);
    }

    [Fact]
    public void Packing_gives_back_the_labels_and_comparing_tells_sets_apart()
    {
        Labels labels = Labels.FromStrings("__name__", "up", "instance", "host:9100", "job", new string('j', 300));
        uint[] pairs = Intern(labels);
        byte[] packed = new byte[_pairs.PackedLength(pairs)];
        Assert.Equal(packed.Length, _pairs.Pack(pairs, packed));
        Assert.Equal(labels.Packed, packed);
        Assert.True(_pairs.AreLabels(pairs, labels.Packed));
        Assert.False(_pairs.AreLabels(pairs, Labels.FromStrings("__name__", "up", "instance", "host:9100").Packed));
        Assert.False(_pairs.AreLabels(pairs.AsSpan(0, 2), labels.Packed));
        Assert.False(_pairs.AreLabels(pairs, default));
    }

    [Fact]
    public void Order_agrees_with_the_order_of_labels()
    {
        var random = new Random(6);
        string[] names = ["a", "ab", "b", "__name__", "é"];
        string[] values = ["1", "10", "2", "x", "xy", "ü"];
        Labels[] sets = [.. Enumerable.Range(0, 60).Select(_ => Labels.FromStrings(
            [.. names.Where(_ => random.Next(2) == 0).SelectMany(name => new[] { name, values[random.Next(values.Length)] })]))];
        foreach (Labels left in sets)
        {
            foreach (Labels right in sets)
                Assert.Equal(Math.Sign(left.CompareTo(right)), Math.Sign(_pairs.Compare(Intern(left), Intern(right))));
        }
    }

    [Fact]
    public void Removed_pairs_leave_no_bytes_behind_over_many_generations()
    {
        long afterFirst = 0;
        for (int generation = 0; generation < 50; generation++)
        {
            uint[] numbers = [.. Enumerable.Range(0, 500).Select(i =>
                _pairs.Intern("pod"u8, System.Text.Encoding.UTF8.GetBytes($"pod-{generation:d4}-{i:d5}")))];
            foreach (uint number in numbers)
                _pairs.Remove(number);
            _pairs.Recycle(numbers);
            _epochs.Drain();
            Assert.Equal(0, _pairs.Count);
            Assert.Equal(0, _pairs.FindName("pod"u8)!.Count);
            if (generation == 1)
                afterFirst = _allocator.TotalBytes;
        }

        Assert.Equal(afterFirst, _allocator.TotalBytes);
    }

    [Fact]
    public void Removing_one_value_keeps_the_others_listed()
    {
        uint[] numbers = [.. Enumerable.Range(0, 20).Select(i => _pairs.Intern("n"u8, [(byte)('a' + i)]))];
        _pairs.Remove(numbers[3]);
        _pairs.Remove(numbers[19]);
        uint[] left = [.. numbers.Where((_, i) => i is not 3 and not 19)];
        Assert.Equal(left.Order(), _pairs.FindName("n"u8)!.Pairs.ToArray().Order());
        _pairs.Remove(left[^1]);
        Assert.Equal(17, _pairs.FindName("n"u8)!.Count);
    }

    private uint[] Intern(Labels labels)
    {
        var pairs = new List<uint>();
        foreach (Label label in labels)
            pairs.Add(_pairs.Intern(label.Name, label.Value));
        return [.. pairs];
    }
}
