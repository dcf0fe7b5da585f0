using Forethought.Model;
using Forethought.Storage.Merging;

namespace Forethought.Storage.Tests.Merging;

public sealed class MergedQuerierTests
{
    private static readonly Labels A = Labels.FromStrings("__name__", "a", "job", "x");
    private static readonly Labels B = Labels.FromStrings("__name__", "b", "job", "y");
    private static readonly Labels C = Labels.FromStrings("__name__", "c", "zone", "z");

    [Fact]
    public void A_single_source_is_used_as_it_is()
    {
        var source = new ListQuerier();
        Assert.Same(source, MergedQuerier.Of([source]));
    }

    [Fact]
    public async Task No_source_has_nothing()
    {
        using IQuerier querier = MergedQuerier.Of([]);
        using ISeriesSet set = await querier.SelectAsync(Merged.AnyHints, Merged.AnyMatchers, TestContext.Current.CancellationToken);
        Assert.False(set.MoveNext());
        Assert.Empty(set.Warnings);
        LabelQueryResult names = await querier.LabelNamesAsync([], 0, TestContext.Current.CancellationToken);
        Assert.Empty(names.Texts);
        Assert.False(names.IsTruncated);
    }

    [Fact]
    public async Task Sources_are_asked_for_sorted_series_and_told_everything_else_unchanged()
    {
        ListQuerier[] sources = [new(), new()];
        SelectHints hints = Merged.AnyHints with { StepMs = 5, RangeMs = 6, Function = "rate", Limit = 7, LabelsOnly = true };
        (await Merged.SelectAsync(sources, hints)).Dispose();
        Assert.All(sources, source => Assert.Equal(hints with { SortSeries = true }, source.Hints));
    }

    [Fact]
    public async Task The_limit_counts_merged_series()
    {
        ListQuerier[] sources =
            [new ListQuerier().Add(A, new StoredSample(1, 1)).Add(C), new ListQuerier().Add(A, new StoredSample(2, 2)).Add(B)];
        using ISeriesSet set = await Merged.SelectAsync(sources, Merged.AnyHints with { Limit = 2 });
        Assert.Equal([A, B], Merged.ReadAll(set).Select(series => series.Labels));
        Assert.False(set.MoveNext());
    }

    [Fact]
    public async Task Slow_sources_are_waited_for_together()
    {
        var slow = new TaskCompletionSource();
        ListQuerier[] sources = [new() { Answers = slow.Task }, new() { Answers = slow.Task }];
        ValueTask<ISeriesSet> selection = Merged.SelectAsync(sources);
        Assert.All(sources, source => Assert.NotNull(source.Hints));
        Assert.False(selection.IsCompleted);
        slow.SetResult();
        (await selection).Dispose();
    }

    [Fact]
    public async Task Warnings_of_all_sources_come_once()
    {
        ListQuerier[] sources = [new() { Warnings = ["slow", "old"] }, new(), new() { Warnings = ["old", "new"] }];
        using ISeriesSet set = await Merged.SelectAsync(sources);
        Assert.Equal(["slow", "old", "new"], set.Warnings);
        using IQuerier querier = MergedQuerier.Of(sources);
        Assert.Equal(
            ["slow", "old", "new"], (await querier.LabelValuesAsync("job", [], 0, TestContext.Current.CancellationToken)).Warnings);
    }

    [Fact]
    public async Task One_failing_source_fails_the_selection_and_the_other_sets_are_disposed()
    {
        var failure = new StorageException("disk on fire");
        ListQuerier[] sources = [new(), new() { SelectFailure = failure }, new()];
        StorageException thrown = await Assert.ThrowsAsync<StorageException>(async () => await Merged.SelectAsync(sources));
        Assert.Same(failure, thrown);
        Assert.True(sources[0].Sets.Single().IsDisposed);
        Assert.True(sources[2].Sets.Single().IsDisposed);
    }

    [Fact]
    public async Task A_source_that_fails_while_it_is_read_fails_the_read()
    {
        var failure = new StorageException("torn page");
        ListQuerier[] sources =
            [new ListQuerier().Add(A, new StoredSample(1, 1)), new ListQuerier { ReadFailure = failure }.Add(A, new StoredSample(2, 2))];
        using ISeriesSet set = await Merged.SelectAsync(sources);
        Assert.True(set.MoveNext());
        Assert.Same(failure, Assert.Throws<StorageException>(() => set.Read(new SampleBatch())));
    }

    [Fact]
    public async Task Everything_is_disposed_even_when_one_fails()
    {
        var failure = new IOException("busy");
        ListQuerier[] sources = [new(), new() { DisposeFailure = failure }, new()];
        IQuerier querier = MergedQuerier.Of(sources);
        ISeriesSet set = await querier.SelectAsync(Merged.AnyHints, Merged.AnyMatchers, TestContext.Current.CancellationToken);
        Assert.Same(failure, Assert.Throws<IOException>(set.Dispose));
        Assert.All(sources, source => Assert.True(source.Sets.Single().IsDisposed));
        Assert.Same(failure, Assert.Throws<IOException>(querier.Dispose));
        Assert.All(sources, source => Assert.True(source.IsDisposed));
    }

    [Fact]
    public void All_failures_of_disposal_are_told()
    {
        IQuerier querier = MergedQuerier.Of([new ListQuerier { DisposeFailure = new IOException("1") }, new ListQuerier { DisposeFailure = new IOException("2") }]);
        AggregateException thrown = Assert.Throws<AggregateException>(querier.Dispose);
        Assert.Equal(["1", "2"], thrown.InnerExceptions.Select(inner => inner.Message));
    }

    [Fact]
    public async Task Label_names_and_values_are_sorted_and_without_duplicates()
    {
        using IQuerier querier = MergedQuerier.Of([new ListQuerier().Add(C).Add(A), new ListQuerier(), new ListQuerier().Add(B).Add(A)]);
        LabelQueryResult names = await querier.LabelNamesAsync([], 0, TestContext.Current.CancellationToken);
        Assert.Equal(["__name__", "job", "zone"], names.Texts);
        LabelQueryResult values = await querier.LabelValuesAsync("__name__", [], 0, TestContext.Current.CancellationToken);
        Assert.Equal(["a", "b", "c"], values.Texts);
        Assert.False(values.IsTruncated);
    }

    [Fact]
    public async Task Values_are_in_the_order_of_their_bytes()
    {
        // U+FFFD sorts before U+1F600 in UTF-8, after it in UTF-16.
        using IQuerier querier = MergedQuerier.Of([Values("\U0001F600", "b"), Values("\uFFFD", "ba", "")]);
        LabelQueryResult values = await querier.LabelValuesAsync("v", [], 0, TestContext.Current.CancellationToken);
        Assert.Equal(["b", "ba", "\uFFFD", "\U0001F600"], values.Texts);

        static ListQuerier Values(params string[] values)
        {
            var source = new ListQuerier();
            foreach (string value in values)
                source.Add(Labels.FromStrings("__name__", "m", "v", value));
            return source;
        }
    }

    [Theory]
    [InlineData(1, "a", true)]
    [InlineData(2, "a b", true)]
    [InlineData(3, "a b c", false)]
    [InlineData(4, "a b c", false)]
    public async Task The_limit_cuts_the_union_and_says_so(int limit, string expected, bool isTruncated)
    {
        // Neither source alone is longer than two.
        using IQuerier querier = MergedQuerier.Of([new ListQuerier().Add(A).Add(C), new ListQuerier().Add(B)]);
        LabelQueryResult values = await querier.LabelValuesAsync("__name__", [], limit, TestContext.Current.CancellationToken);
        Assert.Equal(expected.Split(' '), values.Texts);
        Assert.Equal(isTruncated, values.IsTruncated);
    }

    [Fact]
    public async Task A_failing_look_up_of_labels_says_which()
    {
        using IQuerier querier = MergedQuerier.Of([new ListQuerier(), new ListQuerier { SelectFailure = new StorageException("disk on fire") }]);
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        StorageException names = await Assert.ThrowsAsync<StorageException>(async () => await querier.LabelNamesAsync([], 0, cancellation));
        Assert.Equal("LabelNames() from merge generic querier: disk on fire", names.Message);
        StorageException values = await Assert.ThrowsAsync<StorageException>(async () => await querier.LabelValuesAsync("job", [], 0, cancellation));
        Assert.Equal("LabelValues() from merge generic querier for label job: disk on fire", values.Message);
    }
}
