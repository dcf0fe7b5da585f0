using Forethought.Model;
using Forethought.Storage;
using Forethought.Tsdb.Exemplars;
using Forethought.Tsdb.Memory;
using static Forethought.Tsdb.Tests.Exemplars.ExemplarText;

namespace Forethought.Tsdb.Tests.Exemplars;

/// <summary>The cases of upstream's <c>tsdb/exemplar_test.go</c>, and some that it leaves out.</summary>
public sealed class ExemplarRingTests : IDisposable
{
    private readonly NativeAllocator _allocator = new();
    private ExemplarRing? _ring;

    public void Dispose()
    {
        _ring?.Dispose();
        _allocator.AssertNothingOutstanding();
    }

    // Of TestCircularExemplarStorage_AddExemplar, where a is its series1; the window is 100 ms.
    [Theory]
    [InlineData(3, "a:0.1@1 a:0.2@2", "a:0.1@1 a:0.2@2")]
    [InlineData(3, "a:0.1@2 a:0.2@1", "a:0.2@1 a:0.1@2")]
    [InlineData(3, "a:0.1@1 a:0.2@3 a:0.3@2", "a:0.1@1 a:0.3@2 a:0.2@3")]
    [InlineData(3, "a:0.1@1 a:0.2@2 a:0.3@3 a:0.4@4", "a:0.2@2 a:0.3@3 a:0.4@4")]
    [InlineData(3, "a:0.1@1 a:0.2@2 a:0.3@3 a:0.4@0", "a:0.4@0 a:0.2@2 a:0.3@3")]
    [InlineData(3, "a:0.1@1 a:0.2@3 a:0.3@4 a:0.4@2", "a:0.4@2 a:0.2@3 a:0.3@4")]
    [InlineData(3, "a:0.2@2 a:0.1@1 a:0.5@5 a:0.3@3", "a:0.1@1 a:0.3@3 a:0.5@5")]
    [InlineData(3, "a:0.1@1 a:0.2@3 b:0.3@4", "a:0.1@1 a:0.2@3 b:0.3@4")]
    [InlineData(3, "b:0.1@1 b:0.2@2 b:0.3@3 a:0.4@4", "a:0.4@4 b:0.2@2 b:0.3@3")]
    [InlineData(3, "b:0.1@3 b:0.2@2 b:0.3@4 a:0.4@4 a:0.5@1", "a:0.5@1 a:0.4@4 b:0.3@4")]
    [InlineData(3, "a:0.1@3 a:0.1@3", "a:0.1@3")]
    [InlineData(3, "a:0.1@3 a:0.2@4 a:0.3@5 a:0.3@5", "a:0.1@3 a:0.2@4 a:0.3@5")]
    [InlineData(3, "a:0.1@0 a:0.2@0", "a:0.1@0 a:0.2@0")]
    [InlineData(6, "a:0.1@1 a:0.2@2 a:0.3@3 a:0.1@1 a:0.2@2 a:0.3@3", "a:0.1@1 a:0.2@2 a:0.3@3")]
    [InlineData(2, "a:0.1@1 b:0.2@2 a:0.3@3", "a:0.3@3 b:0.2@2")]
    [InlineData(1, "a:0.1@1 a:0.2@2 b:0.1@9 a:0.3@3", "a:0.3@3")]
    public void The_newest_are_kept_and_those_of_a_series_in_order_of_time(int capacity, string added, string kept)
    {
        ExemplarRing ring = Ring(capacity, windowMs: 100);
        Assert.DoesNotContain(ExemplarOutcome.OutOfOrder, Add(ring, added));
        Assert.Equal(kept, Show(ring));
        Assert.Equal(kept.Split(' ').Length, ring.Count);
        Assert.Equal(kept.Split(' ').Select(word => word[0]).Distinct().Count(), ring.SeriesCount);
    }

    [Theory]
    [InlineData(100, "a:0.1@200 a:0.2@1", ExemplarOutcome.OutOfOrder)]
    [InlineData(100, "a:0.1@200 a:0.2@100", ExemplarOutcome.OutOfOrder)]
    [InlineData(100, "a:0.1@200 a:0.2@101", ExemplarOutcome.Accepted)]
    [InlineData(0, "a:0.1@200 a:0.2@199", ExemplarOutcome.OutOfOrder)]
    [InlineData(0, "a:0.1@200 a:0.2@200", ExemplarOutcome.Accepted)]
    [InlineData(0, "a:0.2@200 a:0.1@200", ExemplarOutcome.OutOfOrder)]
    [InlineData(0, "a:0.2@200 b:0.1@1", ExemplarOutcome.Accepted)]
    [InlineData(100, "a:0.1@100 a:0.4@50 a:0.3@100 a:0.2@50", ExemplarOutcome.Ignored)]
    public void How_late_an_exemplar_may_come(long windowMs, string added, ExemplarOutcome last)
    {
        ExemplarRing ring = Ring(10, windowMs);
        Assert.Equal(last, Add(ring, added)[^1]);
        Assert.Equal(last == ExemplarOutcome.OutOfOrder ? 1 : 0, ring.OutOfOrder);
        Assert.Equal(ring.Count, ring.Appended);
    }

    // TestValidateExemplar.
    [Fact]
    public void What_is_refused_at_once_is_not_counted()
    {
        ExemplarRing ring = Ring(2, 0);
        Assert.Equal(ExemplarOutcome.Accepted, Check(ring, "a:0.1@1"));
        Add(ring, "a:0.1@1 a:0.2@2");
        Assert.Equal(ExemplarOutcome.Ignored, Check(ring, "a:0.2@2"));
        Assert.Equal(ExemplarOutcome.Ignored, Check(ring, "a:0.2@3"));
        Assert.Equal(ExemplarOutcome.OutOfOrder, Check(ring, "a:0.3@1"));
        Assert.Equal((0, 2, 2), (ring.OutOfOrder, ring.Appended, ring.Count));
    }

    /// <summary>Empty labels have no characters to be counted, and take room all the same.</summary>
    [Theory]
    [InlineData(60_000, ExemplarOutcome.Accepted)]
    [InlineData(70_000, ExemplarOutcome.LabelsTooLong)]
    public void Any_number_of_empty_labels_is_taken_or_refused(int packedBytes, ExemplarOutcome outcome)
    {
        ExemplarRing ring = Ring(2, 0);
        Labels series = Labels.FromStrings("service", "a");
        var exemplar = new ExemplarData(new byte[packedBytes], 1, 1, hasTime: true);
        Assert.Equal(outcome, ring.Add(series.Packed, series.Hash(), exemplar));
        Assert.Equal(outcome == ExemplarOutcome.Accepted ? 1 : 0, ring.Count);
    }

    /// <summary>The end of the test demands that all memory is given back.</summary>
    [Fact]
    public void Series_with_long_labels_leave_nothing_behind()
    {
        ExemplarRing ring = Ring(2, 0);
        for (int i = 0; i < 4; i++)
        {
            Labels series = Labels.FromStrings("service", new string((char)('a' + i), 5000));
            Assert.Equal(ExemplarOutcome.Accepted, ring.Add(series.Packed, series.Hash(), new ExemplarData(default, 1, i, hasTime: true)));
        }

        Assert.Equal(2, ring.Resize(3));
        Assert.Equal([5000, 5000], ring.Select(0, 9, [Everything]).Select(series => series.Labels["service"].Length));
        Assert.Equal(1, ring.Resize(1));
    }

    [Fact]
    public void The_same_exemplar_at_another_time_is_another_one_only_if_the_time_is_its_own()
    {
        ExemplarRing ring = Ring(10, 0);
        Assert.Equal(ExemplarOutcome.Accepted, ExemplarText.Add(ring, Parse("a:0.1@1", hasTime: true)));
        Assert.Equal(ExemplarOutcome.Ignored, ExemplarText.Add(ring, Parse("a:0.1@1", hasTime: false)));
        Assert.Equal(ExemplarOutcome.Accepted, ExemplarText.Add(ring, Parse("a:0.1@2", hasTime: true)));
        Assert.Equal(ExemplarOutcome.Accepted, ExemplarText.Add(ring, Parse("a:0.1@3", hasTime: false)));
        Assert.Equal(ExemplarOutcome.Ignored, ExemplarText.Add(ring, Parse("a:0.1@4", hasTime: false)));
        Assert.Equal("a:0.1@1 a:0.1@2 a:0.1@3", Show(ring));
    }

    [Fact]
    public void Exemplars_of_one_time_and_value_come_in_the_order_of_the_hashes_of_their_labels()
    {
        Exemplar[] exemplars = [.. new[] { "x", "y" }.Select(id => new Exemplar(Labels.FromStrings("trace_id", id), 1, 5, true))];
        Array.Sort(exemplars, (left, right) => left.Labels.Hash().CompareTo(right.Labels.Hash()));
        ExemplarRing ring = Ring(10, 0);
        Assert.Equal(ExemplarOutcome.Accepted, ExemplarText.Add(ring, (Series("a"), exemplars[0])));
        Assert.Equal(ExemplarOutcome.Accepted, ExemplarText.Add(ring, (Series("a"), exemplars[1])));
        Assert.Equal(ExemplarOutcome.OutOfOrder, ExemplarText.Add(ring, (Series("a"), exemplars[0])));
    }

    [Theory]
    [InlineData("a", 127, true)]
    [InlineData("a", 128, false)]
    [InlineData("é", 127, true)]
    [InlineData("\U0001F600", 127, true)]
    [InlineData("\U0001F600", 128, false)]
    public void Names_and_values_of_labels_may_have_128_characters(string character, int length, bool isAccepted)
    {
        string value = string.Concat(Enumerable.Repeat(character, length));
        ExemplarOutcome outcome = ExemplarText.Add(Ring(2, 0), (Series("a"), new Exemplar(Labels.FromStrings("n", value), 1, 1, false)));
        Assert.Equal(isAccepted ? ExemplarOutcome.Accepted : ExemplarOutcome.LabelsTooLong, outcome);
    }

    [Fact]
    public void An_exemplar_needs_no_labels()
    {
        ExemplarRing ring = Ring(1, 0);
        Assert.Equal(ExemplarOutcome.Accepted, ExemplarText.Add(ring, (Series("a"), new Exemplar(Labels.Empty, 1, 1, true))));
        Assert.True(ring.Select(0, 9, [Everything])[0].Exemplars[0].Labels.IsEmpty);
    }

    [Fact]
    public void A_ring_without_room_keeps_nothing()
    {
        ExemplarRing ring = Ring(-5, 0);
        Assert.Equal([ExemplarOutcome.Ignored], Add(ring, "a:1@1"));
        Assert.Empty(ring.Select(0, 9, [Everything]));
        Assert.Equal((0, 0, 0), (ring.Capacity, ring.Count, ring.FirstTimeMs));
    }

    [Fact]
    public void Series_are_selected_by_time_and_by_any_of_the_selectors_and_sorted()
    {
        ExemplarRing ring = Ring(10, 0);
        Add(ring, "b:1@1 c:2@2 a:3@3 b:4@4 a:5@5");
        Matcher a = new(Forethought.Model.MatchType.Equal, "service", "a"), b = new(Forethought.Model.MatchType.Equal, "service", "b");
        Assert.Equal("a:3@3 a:5@5 b:1@1 b:4@4", Show(ring.Select(0, 9, [[a], [b]])));
        Assert.Empty(ring.Select(0, 9, [[a, b]]));
        Assert.Equal("a:3@3 b:4@4 c:2@2", Show(ring.Select(2, 4, [Everything])));
        Assert.Empty(ring.Select(6, 9, [Everything]));
        Exemplar exemplar = ring.Select(0, 9, [[a]])[0].Exemplars[0];
        Assert.Equal(Labels.FromStrings("trace_id", "a"), exemplar.Labels);
    }

    // Of TestCircularExemplarStorage_Resize.
    [Theory]
    [InlineData(3, "a:0.1@1 a:0.2@2", 10, "a:0.1@1 a:0.2@2")]
    [InlineData(3, "a:0.1@1 a:0.2@2 a:0.3@3", 2, "a:0.2@2 a:0.3@3")]
    [InlineData(3, "a:0.3@3 a:0.2@2 a:0.1@1", 2, "a:0.1@1 a:0.2@2")]
    [InlineData(3, "a:0.3@3 a:0.2@2", 5, "a:0.2@2 a:0.3@3")]
    [InlineData(3, "a:0.1@1 a:0.2@1 a:0.3@2", 3, "a:0.1@1 a:0.2@1 a:0.3@2")]
    [InlineData(3, "", 10, "")]
    [InlineData(3, "a:0.1@1 a:0.2@2", 0, "")]
    [InlineData(4, "a:0.1@1 b:1.1@2 a:0.2@3 b:1.2@4", 2, "a:0.2@3 b:1.2@4")]
    [InlineData(3, "a:0.1@1 a:0.2@2", 1, "a:0.2@2")]
    [InlineData(3, "a:1@1 a:2@2 a:3@3 a:4@4 b:5@5", 5, "a:3@3 a:4@4 b:5@5")]
    public void Resizing_keeps_what_came_last(int capacity, string added, long resized, string kept)
    {
        ExemplarRing ring = Ring(capacity, 100);
        Add(ring, added);
        Assert.Equal(kept == "" ? 0 : kept.Split(' ').Length, ring.Resize(resized));
        Assert.Equal(kept, Show(ring));
        Assert.Equal(resized, ring.Capacity);

        // And it goes on from there.
        if (resized > 0)
        {
            Add(ring, "z:9@9");
            Assert.EndsWith("z:9@9", Show(ring), StringComparison.Ordinal);
            Assert.InRange(ring.Count, 1, resized);
        }
    }

    [Fact]
    public void The_first_time_is_that_of_the_one_that_will_go_next()
    {
        ExemplarRing ring = Ring(2, 100);
        Add(ring, "a:1@5");
        Assert.Equal(5, ring.FirstTimeMs);
        Add(ring, "a:4@3 a:2@9");
        Assert.Equal(3, ring.FirstTimeMs);
    }

    [Fact]
    public void A_hundred_thousand_exemplars_are_no_objects()
    {
        ExemplarRing ring = Ring(100_000, 0);
        Labels[] series = [.. Enumerable.Range(0, 1000).Select(n => Series($"s{n}"))];
        Labels trace = Labels.FromStrings("trace_id", "0123456789abcdef");
        for (int i = 0; i < 250_000; i++)
            ExemplarText.Add(ring, (series[i % 1000], new Exemplar(trace, i, i, false)));
        Assert.Equal(100_000, ring.Count);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 250_000; i < 300_000; i++)
            ExemplarText.Add(ring, (series[i % 1000], new Exemplar(trace, i, i, false)));

        // Less than a byte for each: the runtime may allocate something for itself once.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 49_999);

        // Labels of 26 bytes take 32, and there is a page or two of slack.
        Assert.InRange(_allocator.BytesOf(MemoryPurpose.Exemplars), 100_000 * 26, 100_000 * 32 + 200_000);
    }

    private ExemplarRing Ring(long capacity, long windowMs) =>
        _ring = new ExemplarRing(_allocator, capacity) { OutOfOrderWindowMs = windowMs };

    private static ExemplarOutcome Check(ExemplarRing ring, string word)
    {
        (Labels series, Exemplar exemplar) = Parse(word);
        return ring.Check(series.Packed, series.Hash(), new ExemplarData(exemplar));
    }
}
