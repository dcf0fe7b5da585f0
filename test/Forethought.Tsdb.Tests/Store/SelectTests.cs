using Forethought.Model;
using Forethought.Storage;
using MatchType = Forethought.Model.MatchType;

namespace Forethought.Tsdb.Tests.Store;

public sealed class SelectTests : IAsyncDisposable
{
    private readonly TsdbStore _store = TsdbStore.OpenAsync(new TsdbOptions()).GetAwaiter().GetResult();
    private readonly List<Labels> _series = [];

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    /// <summary>Matchers from upstream's TestPostingsForMatchers and combinations of kinds, small and wide.</summary>
    public static TheoryData<string> Selectors() =>
    [
        "n=1", "n=1 i=a", "n=1 i=missing", "missing=", "n=1 missing=", "n!=1", "i!=", "missing!=", "n=1 i!=a", "n=1 i!=",
        "n=1 missing!=", "n=~^1$", "n=1 i=~^a$", "n=1 i=~^a?$", "i=~^$", "n=1 i=~^$", "n=1 i=~^.*$", "n=1 i=~^.+$", "i=~.+", "n!~^1$",
        "n=1 i!~^a$", "n=1 i!~^a?$", "n=1 i!~^$", "n=1 i!~^.*$", "n=1 i!~^.+$", "n=1 i!= i=a", "n=1 i!=b i=~^(b|a).*$", "n=~1|2",
        "n=~2|2.5", "n=~1|2 i=~b|c|nope", "n!~1|2", "i!~b|c", "n=~.* i=a", "wide=~w1.*", "wide=~w1.* n=1", "wide!~w1.*",
        "wide=w17 n=~.+", "n=1 wide!~w[0-8].*", "n=~(1|2) wide=~",
    ];

    [Theory]
    [MemberData(nameof(Selectors))]
    public async Task Selects_exactly_the_series_that_all_matchers_accept(string selector)
    {
        await FillAsync();
        Matcher[] matchers = [.. selector.Split(' ').Select(Parse)];
        var expected = _series.Where(labels => matchers.All(m => m.Matches(labels.Get(m.NameUtf8)))).Order();
        Assert.Equal(expected, (await _store.ReadAsync(0, 10, matchers)).Keys);
    }

    [Fact]
    public async Task Label_names_and_values_follow_the_matchers_and_the_limit()
    {
        await FillAsync();
        using IQuerier querier = _store.OpenQuerier(0, 10);
        CancellationToken none = TestContext.Current.CancellationToken;
        Assert.Equal(["i", "n", "wide"], (await querier.LabelNamesAsync([], 0, none)).Texts);
        Assert.Equal(["n"], (await querier.LabelNamesAsync([Parse("i="), Parse("wide=")], 0, none)).Texts);
        LabelQueryResult limited = await querier.LabelNamesAsync([], 2, none);
        Assert.Equal(["i", "n"], limited.Texts);
        Assert.True(limited.IsTruncated);
        Assert.Equal(["1", "2", "2.5"], (await querier.LabelValuesAsync("n", [], 0, none)).Texts);
        Assert.Equal(["a", "b"], (await querier.LabelValuesAsync("i", [Parse("n=1"), Parse("i=~.+")], 0, none)).Texts);
        Assert.Empty((await querier.LabelValuesAsync("missing", [], 0, none)).Texts);
        Assert.Equal(2, (await querier.LabelValuesAsync("wide", [], 2, none)).Texts.Count);
    }

    [Fact]
    public async Task Texts_are_sorted_by_their_bytes()
    {
        // U+FFFD sorts before U+10000 in UTF-8 and after it in UTF-16.
        await _store.AppendAsync(Labels.FromStrings("n", "\U00010000"), (1, 1));
        await _store.AppendAsync(Labels.FromStrings("n", "\uFFFD"), (1, 1));
        using IQuerier querier = _store.OpenQuerier(0, 10);
        LabelQueryResult values = await querier.LabelValuesAsync("n", [], 0, TestContext.Current.CancellationToken);
        Assert.Equal(["\uFFFD", "\U00010000"], values.Texts);
    }

    [Fact]
    public async Task Outside_the_heads_times_nothing_is_found()
    {
        await FillAsync();
        using IQuerier querier = _store.OpenQuerier(100, 200);
        Assert.Empty((await querier.LabelNamesAsync([], 0, TestContext.Current.CancellationToken)).Texts);
        Assert.Empty((await querier.LabelValuesAsync("n", [], 0, TestContext.Current.CancellationToken)).Texts);
        Assert.Empty(await querier.ReadAsync(Parse("n=1")));
    }

    [Fact]
    public async Task A_limit_cuts_the_series_and_labels_only_brings_no_samples()
    {
        await FillAsync();
        using IQuerier querier = _store.OpenQuerier(0, 10);
        var hints = new SelectHints { StartMs = 0, EndMs = 10, SortSeries = true, Limit = 3, LabelsOnly = true };
        using ISeriesSet set = await querier.SelectAsync(hints, [Parse("n!=")], TestContext.Current.CancellationToken);
        var found = new List<Labels>();
        while (set.MoveNext())
            found.Add(Labels.FromPacked(set.PackedLabels));
        Assert.Equal(_series.Order().Take(3), found);
    }

    private static Matcher Parse(string text)
    {
        foreach ((string symbol, MatchType type) in new[]
        {
            ("!~", MatchType.RegexNotMatch), ("=~", MatchType.RegexMatch), ("!=", MatchType.NotEqual), ("=", MatchType.Equal),
        })
        {
            int at = text.IndexOf(symbol, StringComparison.Ordinal);
            if (at > 0)
                return new Matcher(type, text[..at], text[(at + symbol.Length)..]);
        }

        throw new ArgumentException(text);
    }

    private async Task FillAsync()
    {
        _series.AddRange([
            Labels.FromStrings("n", "1"), Labels.FromStrings("n", "1", "i", "a"), Labels.FromStrings("n", "1", "i", "b"),
            Labels.FromStrings("n", "2"), Labels.FromStrings("n", "2.5"), Labels.FromStrings("n", "2", "i", "a"),
        ]);
        for (int i = 0; i < 40; i++)
            _series.Add(Labels.FromStrings("n", i % 2 == 0 ? "1" : "2", "wide", $"w{i}"));
        foreach (Labels labels in _series)
            await _store.AppendAsync(labels, (1, 1));
    }
}
