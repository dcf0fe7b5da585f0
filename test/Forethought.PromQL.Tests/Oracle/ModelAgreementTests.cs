using Forethought.PromQL.Execution;
using Forethought.PromQL.Syntax;
using Forethought.PromQL.Tests.Execution;
using Forethought.PromQL.Tests.Scripts;
using Forethought.Testing;

namespace Forethought.PromQL.Tests.Oracle;

/// <summary>The engine, which works on columns of steps, against a model that takes one step after the other.</summary>
public sealed class ModelAgreementTests
{
    private const double Tolerance = 1e-9;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public async Task Random_queries_over_random_samples_agree(int seed)
    {
        Random random = Fuzz.Random(seed);
        var queries = new ModelQueries(random);
        int answered = 0;
        for (int round = 0; round < Fuzz.Rounds(10); round++)
        {
            List<ModelSeries> series = ModelData.Create(random);
            MemoryStorage storage = ModelData.Store(series);
            for (int i = 0; i < 20; i++)
                answered += await CompareAsync(series, storage, queries.Vector(depth: 1 + (i % 3)), Grid(random)) ? 1 : 0;
        }

        Assert.True(answered > Fuzz.Rounds(10) * 10, $"only {answered} queries had an answer");
    }

    private static (long StartMs, long EndMs, long StepMs) Grid(Random random)
    {
        long startMs = random.Next(45 * 60) * 1000L;
        long stepMs = random.Next(4) switch { 0 => 15_000, 1 => 60_000, 2 => 300_000, _ => random.Next(1, 400_000) };
        return random.Next(5) == 0 ? (startMs, startMs, 0) : (startMs, startMs + (stepMs * random.Next(24)) + random.Next((int)stepMs), stepMs);
    }

    private static async Task<bool> CompareAsync(
        List<ModelSeries> series, MemoryStorage storage, string query, (long StartMs, long EndMs, long StepMs) grid)
    {
        string what = $"{query} from {grid.StartMs} to {grid.EndMs} step {grid.StepMs}";
        Dictionary<string, SortedDictionary<long, double>>? expected = Expected(series, query, grid);
        (Dictionary<string, SortedDictionary<long, double>>? actual, string error) = await ActualAsync(storage, query, grid, what);
        // As upstream, a subquery is evaluated from its first window to its last, and may fail between windows, where the model does not look.
        if (query.Contains(':', StringComparison.Ordinal) && error.Contains("match", StringComparison.Ordinal))
            return false;
        Assert.True(expected is null == actual is null, $"{what}: {(actual is null ? error : "no error")}");
        if (expected is null)
            return false;
        Assert.True(
            expected.Keys.Order(StringComparer.Ordinal).SequenceEqual(actual!.Keys.Order(StringComparer.Ordinal)),
            $"{what}: expected {string.Join(' ', expected.Keys)} but got {string.Join(' ', actual.Keys)}");
        foreach ((string labels, SortedDictionary<long, double> values) in expected)
        {
            Assert.True(values.Keys.SequenceEqual(actual[labels].Keys), $"{what}: {labels} at other times");
            foreach ((long timeMs, double value) in values)
                Assert.True(AreClose(value, actual[labels][timeMs]), $"{what}: {labels} at {timeMs}: expected {value} but got {actual[labels][timeMs]}");
        }

        return expected.Count > 0;
    }

    private static Dictionary<string, SortedDictionary<long, double>>? Expected(
        List<ModelSeries> series, string query, (long StartMs, long EndMs, long StepMs) grid)
    {
        Expr expr = PromQlParser.ParseExpression(query, ParserOptions.Everything);
        var model = new ModelEvaluator(series, grid.StartMs, grid.EndMs);
        var results = new Dictionary<string, SortedDictionary<long, double>>();
        try
        {
            for (long timeMs = grid.StartMs; timeMs <= grid.EndMs; timeMs += Math.Max(1, grid.StepMs))
            {
                foreach (ModelSample sample in model.Vector(expr, timeMs))
                {
                    if (!results.TryGetValue(sample.Key, out SortedDictionary<long, double>? values))
                        results.Add(sample.Key, values = []);
                    values.Add(timeMs, sample.Value);
                }
            }
        }
        catch (ModelException)
        {
            return null;
        }

        return results;
    }

    private static async Task<(Dictionary<string, SortedDictionary<long, double>>? Results, string Error)> ActualAsync(
        MemoryStorage storage, string query, (long StartMs, long EndMs, long StepMs) grid, string what)
    {
        using QueryEngine engine = TestQueries.Engine();
        QueryResult result;
        try
        {
            PreparedQuery prepared = grid.StepMs == 0
                ? engine.PrepareInstant(query, grid.StartMs)
                : engine.PrepareRange(query, grid.StartMs, grid.EndMs, grid.StepMs);
            result = await engine.ExecuteAsync(prepared, storage, CancellationToken.None);
        }
        catch (PromQlException exception)
        {
            return (null, exception.Message);
        }
        catch (Exception exception)
        {
            throw new InvalidOperationException(what, exception);
        }

        var results = new Dictionary<string, SortedDictionary<long, double>>();
        foreach (ResultSeries series in result.Series)
        {
            var values = new SortedDictionary<long, double>();
            for (int i = series.NextIndex(-1); i >= 0; i = series.NextIndex(i))
                values.Add(series.TimesMs?[i] ?? result.TimeAt(i), series.Values[i]);
            results.Add(series.Labels.ToString(), values);
        }

        return (results, "");
    }

    private static bool AreClose(double expected, double actual) =>
        expected.Equals(actual) || expected == actual || Math.Abs(expected - actual) <= Tolerance * (1 + Math.Abs(expected));
}
