using Forethought.Model;
using Forethought.Storage;
using Forethought.Testing;
using Forethought.Tsdb.Exemplars;
using Forethought.Tsdb.Memory;
using static Forethought.Tsdb.Tests.Exemplars.ExemplarText;

namespace Forethought.Tsdb.Tests.Exemplars;

/// <summary>Random additions and resizings against a list in the order of arrival.</summary>
public sealed class ExemplarModelTests
{
    private const long WindowMs = 5;

    [Fact]
    public void The_ring_holds_what_a_list_would()
    {
        for (int seed = 0; seed < Fuzz.Rounds(60); seed++)
        {
            Random random = Fuzz.Random(seed);
            var allocator = new NativeAllocator();
            int capacity = random.Next(1, 40);
            using (var ring = new ExemplarRing(allocator, capacity) { OutOfOrderWindowMs = WindowMs })
            {
                List<(string Series, Exemplar Exemplar)> model = [];
                for (int step = 0; step < 500; step++)
                {
                    if (random.Next(50) == 0)
                    {
                        capacity = random.Next(0, 60);
                        model.RemoveRange(0, Math.Max(0, model.Count - capacity));
                        Assert.Equal(model.Count, ring.Resize(capacity));
                    }

                    string series = $"s{random.Next(random.Next(1, 12))}";
                    Labels labels = Labels.FromStrings("trace_id", new string('x', random.Next(3)));
                    var exemplar = new Exemplar(labels, random.Next(3), (step / 4) + random.Next(-9, 3), random.Next(2) == 0);
                    ExemplarOutcome expected = AddTo(model, capacity, series, exemplar);
                    Assert.Equal(expected, ExemplarText.Add(ring, (Series(series), exemplar)));
                }

                Assert.Equal(Read(model), Show(ring));
                Assert.Equal(model.Select(row => row.Series).Distinct().Count(), ring.SeriesCount);
            }

            allocator.AssertNothingOutstanding();
        }
    }

    [Fact]
    public async Task Additions_selections_and_resizings_do_not_disturb_each_other()
    {
        var allocator = new NativeAllocator();
        using (var ring = new ExemplarRing(allocator, 100))
        {
            Task[] writers = [.. Enumerable.Range(0, 3).Select(writer => Task.Run(() =>
            {
                for (int i = 1; i <= 20_000; i++)
                    Assert.Equal(ExemplarOutcome.Accepted, Add(ring, $"w{writer}:{i}@{i}")[0]);
            }))];
            Random random = Fuzz.Random(3);
            while (!Task.WhenAll(writers).IsCompleted)
            {
                ring.Resize(random.Next(1, 300));
                foreach (ExemplarSeries series in ring.Select(0, long.MaxValue, [Everything]))
                {
                    Assert.Equal(series.Exemplars.Order(Comparer<Exemplar>.Create((x, y) => x.TimeMs.CompareTo(y.TimeMs))), series.Exemplars);
                    Assert.All(series.Exemplars, exemplar => Assert.Equal(exemplar.TimeMs, exemplar.Value));
                }
            }

            await Task.WhenAll(writers);
            Assert.Equal(60_000, ring.Appended);
        }

        allocator.AssertNothingOutstanding();
    }

    private static ExemplarOutcome AddTo(List<(string Series, Exemplar Exemplar)> model, int capacity, string series, Exemplar exemplar)
    {
        if (capacity == 0)
            return ExemplarOutcome.Ignored;
        Exemplar[] others = [.. model.Where(row => row.Series == series).Select(row => row.Exemplar).OrderBy(other => other.TimeMs)];
        if (others.Length > 0)
        {
            Exemplar newest = others[^1];
            bool sameTime = newest.TimeMs == exemplar.TimeMs;
            if (newest.Labels == exemplar.Labels && newest.Value == exemplar.Value && (sameTime || !(newest.HasTime || exemplar.HasTime)))
                return ExemplarOutcome.Ignored;
            bool isLess = exemplar.Value < newest.Value
                || (exemplar.Value == newest.Value && exemplar.Labels.Hash() < newest.Labels.Hash());
            if ((sameTime && isLess) || exemplar.TimeMs <= newest.TimeMs - WindowMs)
                return ExemplarOutcome.OutOfOrder;
            if (exemplar.TimeMs < newest.TimeMs && others.Any(other => other.TimeMs == exemplar.TimeMs))
                return ExemplarOutcome.Ignored;
        }

        model.Add((series, exemplar));
        model.RemoveRange(0, Math.Max(0, model.Count - capacity));
        return ExemplarOutcome.Accepted;
    }

    private static string Read(List<(string Series, Exemplar Exemplar)> model) => Show(model
        .GroupBy(row => row.Series)
        .OrderBy(group => group.Key, StringComparer.Ordinal)
        .Select(group => new ExemplarSeries(
            Series(group.Key), [.. group.Select(row => row.Exemplar).OrderBy(exemplar => exemplar.TimeMs)])));
}
