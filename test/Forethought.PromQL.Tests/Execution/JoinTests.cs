using Forethought.PromQL.Tests.Scripts;
using Xunit;
using static Forethought.PromQL.Tests.Execution.TestQueries;

namespace Forethought.PromQL.Tests.Execution;

public sealed class JoinTests
{
    private static MemoryStorage Servers() => Load(
        "requests{job=\"a\", code=\"200\"} 10+0x10",
        "requests{job=\"a\", code=\"500\"} 2+0x10",
        "requests{job=\"b\", code=\"200\"} 6+0x10",
        "limit{job=\"a\", team=\"red\"} 5+0x10",
        "limit{job=\"b\", team=\"blue\"} 3+0x10");

    [Fact]
    public async Task Many_series_match_one_and_take_its_labels()
    {
        Assert.Equal(
            [
                "{code=\"200\", job=\"a\", team=\"red\"} 2@60",
                "{code=\"500\", job=\"a\", team=\"red\"} 0.4@60",
                "{code=\"200\", job=\"b\", team=\"blue\"} 2@60",
            ],
            Show(await InstantAsync(Servers(), "requests / on(job) group_left(team) limit", 1)));
        Assert.Equal(
            ["{code=\"200\", job=\"b\"} 0.5@60"],
            Show(await InstantAsync(Servers(), "limit{job=\"b\"} / on(job) group_right requests", 1)));
    }

    [Fact]
    public async Task Comparisons_filter_and_keep_the_name_of_the_left_side()
    {
        Assert.Equal(
            ["{__name__=\"requests\", code=\"200\", job=\"a\"} 10@60", "{__name__=\"requests\", code=\"200\", job=\"b\"} 6@60"],
            Show(await InstantAsync(Servers(), "requests > on(job) group_left limit", 1)));
        Assert.Equal(
            ["{job=\"a\"} 1@60", "{job=\"b\"} 1@60"],
            Show(await InstantAsync(Servers(), "sum by (job) (requests) > bool on(job) limit", 1)));
    }

    [Fact]
    public async Task Several_series_on_the_one_side_are_an_error()
    {
        Assert.Equal(
            "found duplicate series for the match group {job=\"a\"} on the right hand-side of the operation: "
            + "[{__name__=\"requests\", code=\"200\", job=\"a\"}, {__name__=\"requests\", code=\"500\", job=\"a\"}]"
            + ";many-to-many matching not allowed: matching labels must be unique on one side",
            await FailureAsync(Servers(), "limit / on(job) requests", 1));
        Assert.Equal(
            "multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)",
            await FailureAsync(Servers(), "requests / on(job) limit", 1));
        Assert.Equal(
            "multiple matches for labels: grouping labels must ensure unique matches",
            await FailureAsync(Servers(), "requests / on(job) group_left(code) label_replace(limit, \"code\", \"x\", \"\", \"\")", 1));
    }

    [Fact]
    public async Task A_side_without_series_hides_ambiguity_on_the_other()
    {
        Assert.Empty(Show(await InstantAsync(Servers(), "nothing / on(job) requests", 1)));
    }

    [Fact]
    public async Task Series_that_follow_each_other_match_step_by_step()
    {
        MemoryStorage storage = Load(
            "x{job=\"a\"} 1 2 3 4", "y{job=\"a\", pod=\"1\"} 10 10 stale", "y{job=\"a\", pod=\"2\"} _ _ 100 100");

        Assert.Equal(
            ["{job=\"a\"} 10@0 20@60 300@120 400@180"], Show(await RangeAsync(storage, "x * on(job) y", 0, 3)));
    }

    [Fact]
    public async Task Set_operators_keep_and_drop_by_signature()
    {
        Assert.Equal(
            ["{__name__=\"requests\", code=\"200\", job=\"b\"} 6@60"],
            Show(await InstantAsync(Servers(), "requests and on(job) limit{team=\"blue\"}", 1)));
        Assert.Equal(
            ["{__name__=\"requests\", code=\"200\", job=\"b\"} 6@60"],
            Show(await InstantAsync(Servers(), "requests unless on(job) limit{team=\"red\"}", 1)));
        Assert.Equal(
            ["{__name__=\"limit\", job=\"a\", team=\"red\"} 5@60", "{__name__=\"requests\", code=\"200\", job=\"b\"} 6@60"],
            Show(await InstantAsync(Servers(), "limit{team=\"red\"} or on(job) requests", 1)));
    }

    [Fact]
    public async Task Missing_series_are_filled_in()
    {
        Assert.Equal(
            ["{job=\"a\"} 12@60", "{job=\"c\"} 1@60"],
            Show(await InstantAsync(
                Load("x{job=\"a\"} 5 5", "y{job=\"a\"} 7 7", "y{job=\"c\"} 1 1"), "x + on(job) fill_left(0) y", 1)));
    }
}
