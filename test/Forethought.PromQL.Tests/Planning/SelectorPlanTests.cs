using Forethought.PromQL.Execution;
using Forethought.PromQL.Planning;
using Forethought.PromQL.Syntax;
using Forethought.Storage;
using Xunit;

namespace Forethought.PromQL.Tests.Planning;

public sealed class SelectorPlanTests
{
    private const long Lookback = 300_000;

    // Hand calculations for a query from 1,000 s to 2,000 s: an instant selector needs what is less than the lookback delta old,
    // a range selector what lies in its left-open window.
    [Theory]
    [InlineData("x", 700_001, 2_000_000)]
    [InlineData("x offset 1m", 640_001, 1_940_000)]
    [InlineData("x offset -1m", 760_001, 2_060_000)]
    [InlineData("x @ 500", 200_001, 500_000)]
    [InlineData("x @ start() offset 10s", 690_001, 990_000)]
    [InlineData("rate(x[1m])", 940_001, 2_000_000)]
    [InlineData("rate(x[1m] @ 500)", 440_001, 500_000)]
    [InlineData("rate(x[1m] anchored)", 640_001, 2_000_000)]
    [InlineData("rate(x[1m] smoothed)", 640_001, 2_300_000)]
    [InlineData("rate(x[1m:10s])", 640_001, 2_000_000)]
    [InlineData("rate(x[1m:10s] offset 1m)", 580_001, 1_940_000)]
    [InlineData("rate(x[1m:10s] @ 500)", 140_001, 500_000)]
    [InlineData("max_over_time(rate(x[1m])[10m:1m])", 340_001, 2_000_000)]
    public void A_selector_needs_the_times_it_can_look_at(string query, long startMs, long endMs)
    {
        SelectHints hints = Assert.Single(Plan(query).Leaves).Hints;

        Assert.Equal((startMs, endMs), (hints.StartMs, hints.EndMs));
    }

    [Fact]
    public void Storage_learns_the_function_the_range_and_the_step()
    {
        IReadOnlyList<SelectorLeaf> leaves = Plan("sum(rate(x[1m])) + max_over_time(y[5m:10s]) / z").Leaves;

        Assert.Equal(["rate", "max_over_time", ""], leaves.Select(leaf => leaf.Hints.Function));
        Assert.Equal([60_000, 0, 0], leaves.Select(leaf => leaf.Hints.RangeMs));
        Assert.Equal([15_000, 10_000, 15_000], leaves.Select(leaf => leaf.Hints.StepMs));
    }

    [Fact]
    public void The_time_range_spans_all_selectors()
    {
        Assert.Equal((200_001, 2_000_000), Plan("x + y @ 500").TimeRange);
        Assert.Equal((0, 0), Plan("1 + 1").TimeRange);
    }

    [Theory]
    [InlineData("histogram_count(rate(x[1m]))", true)]
    [InlineData("histogram_quantile(0.5, sum(rate(x[1m])))", false)]
    [InlineData("histogram_sum(sum_over_time(x[5m:1m]))", false)]
    [InlineData("histogram_avg(x </ 2)", false)]
    [InlineData("rate(x[1m])", false)]
    public void Buckets_are_skipped_only_where_nobody_looks_at_them(string query, bool statisticsOnly) =>
        Assert.Equal(statisticsOnly, Assert.Single(Plan(query).Leaves).StatisticsOnly);

    [Theory]
    [InlineData("x", true, false)]
    [InlineData("sum(timestamp(x offset 1m))", true, false)]
    [InlineData("x @ 500", true, true)]
    [InlineData("max_over_time((x @ 500)[10m:1m])", true, true)]
    [InlineData("max_over_time(x[10m:1m])", false, false)]
    [InlineData("rate(x[1m] @ 500)", false, false)]
    [InlineData("x smoothed", false, false)]
    [InlineData("x anchored", false, false)]
    // A counter reset is found by looking at the sample before.
    [InlineData("histogram_count(sum(x @ 500))", false, false)]
    public void The_newest_sample_is_enough_where_a_selector_looks_once(string query, bool inInstant, bool inRange)
    {
        Assert.Equal(inInstant, Assert.Single(Plan(query, endMs: 1_000_000).Leaves).Hints.NewestOnly);
        Assert.Equal(inRange, Assert.Single(Plan(query).Leaves).Hints.NewestOnly);
    }

    private static SelectorPlan Plan(string query, long endMs = 2_000_000)
    {
        Expr expression = PromQlParser.ParseExpression(query, ParserOptions.Everything);
        return new SelectorPlan(
            new PreparedQuery(query, expression, 1_000_000, endMs, 15_000, QueryOptions.Default), new QueryEngineOptions(), Lookback);
    }
}
