using System.Globalization;
using Forethought.Model;
using Forethought.PromQL.Execution;
using Forethought.Storage;
using Forethought.Tsdb;

namespace Forethought.Web.Tests.Api;

public sealed class QueryResultWriterTests
{
    // The histogram and its text are those of upstream's web/api/v1/json_codec_test.go.
    [Fact]
    public async Task Native_histograms_equal_upstreams()
    {
        var histogram = new FloatHistogram
        {
            Schema = 2,
            ZeroThreshold = 0.001,
            ZeroCount = 12,
            Count = 10,
            Sum = 20,
            PositiveSpans = [new(3, 2), new(1, 3)],
            NegativeSpans = [new(2, 2)],
            PositiveBuckets = [1, 2, 2, 1, 1],
            NegativeBuckets = [2, 1],
        };
        const string Expected = """{"count":"10","sum":"20","buckets":[[1,"-1.6817928305074288","-1.414213562373095","1"],[1,"-1.414213562373095","-1.189207115002721","2"],[3,"-0.001","0.001","12"],[0,"1.414213562373095","1.6817928305074288","1"],[0,"1.6817928305074288","2","2"],[0,"2.378414230005442","2.82842712474619","2"],[0,"2.82842712474619","3.3635856610148576","1"],[0,"3.3635856610148576","4","1"]]}""";
        var stream = new MemoryStream();
        using var output = new JsonOutput(stream);
        QueryResultWriter.WriteHistogram(output, histogram, []);
        await output.FlushAsync(CancellationToken.None);
        Assert.Equal(Expected, System.Text.Encoding.UTF8.GetString(stream.ToArray()));
    }

    [Fact]
    public async Task A_histogram_without_buckets_has_no_list_of_them()
    {
        var stream = new MemoryStream();
        using var output = new JsonOutput(stream);
        QueryResultWriter.WriteHistogram(output, new FloatHistogram { Count = 0, Sum = double.NaN }, []);
        await output.FlushAsync(CancellationToken.None);
        Assert.Equal("""{"count":"0","sum":"NaN"}""", System.Text.Encoding.UTF8.GetString(stream.ToArray()));
    }

    // 40 series of 5,000 points: the texts of the steps are the only thing that grows with the answer, and only with its steps.
    [Fact]
    public async Task A_long_answer_is_streamed_without_allocating_by_the_point()
    {
        await using TsdbStore store = await LoadAsync(series: 40, points: 5_000);
        using var engine = new QueryEngine(new QueryEngineOptions { WorkerThreads = 1 }, TimeProvider.System);
        QueryResult result = await engine.ExecuteAsync(engine.PrepareRange("m", 0, 4_999_000, 1_000), store, CancellationToken.None);
        Assert.Equal(200_000, result.Series.Sum(series => series.Count));
        var sink = new CountingStream(Stream.Null);
        await WriteAsync(result, sink);
        long before = GC.GetAllocatedBytesForCurrentThread();
        await WriteAsync(result, sink);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        int stepTexts = 5_000 * (Encoding.GoNumber.MaxLength + 2 + sizeof(int));
        allocated -= 205_000 * NumberCost();
        Assert.True(sink.Count > 2 * 200_000 * 10, $"only {sink.Count} bytes were written");
        Assert.True(allocated <= stepTexts + (8 * 1024), $"{allocated} bytes were allocated");
    }

    [Fact]
    public async Task Points_have_their_own_times_and_gaps_are_left_out()
    {
        await using TsdbStore store = await TsdbStore.OpenAsync(new TsdbOptions { Retention = RetentionLimits.None });
        await AppendAsync(store, "a", [(1_000, 1), (61_500, 2), (601_000, 3)]);
        await AppendAsync(store, "b", [(61_000, 5)]);
        using var engine = new QueryEngine(new QueryEngineOptions { WorkerThreads = 1, LookbackDelta = TimeSpan.FromSeconds(30) }, TimeProvider.System);
        QueryResult range = await engine.ExecuteAsync(engine.PrepareRange("m", 1_000, 601_000, 60_000), store, CancellationToken.None);
        Assert.Equal(
            """{"resultType":"matrix","result":[{"metric":{"__name__":"m","s":"a"},"values":[[1,"1"],[601,"3"]]},{"metric":{"__name__":"m","s":"b"},"values":[[61,"5"]]}]}""",
            $"{{{await TextAsync(range)}}}");
        QueryResult window = await engine.ExecuteAsync(engine.PrepareInstant("m[2m]", 62_000), store, CancellationToken.None);
        Assert.Equal(
            """{"resultType":"matrix","result":[{"metric":{"__name__":"m","s":"a"},"values":[[1,"1"],[61.500,"2"]]},{"metric":{"__name__":"m","s":"b"},"values":[[61,"5"]]}]}""",
            $"{{{await TextAsync(window)}}}");
    }

    // In a build without optimisation the runtime allocates where code reads a constant table; in a release this is zero.
    private static long NumberCost()
    {
        Span<byte> text = stackalloc byte[Encoding.GoNumber.MaxLength];
        long before = GC.GetAllocatedBytesForCurrentThread();
        Encoding.GoNumber.FormatSampleValue(2500, text);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static async Task<string> TextAsync(QueryResult result)
    {
        var stream = new MemoryStream();
        await WriteAsync(result, stream);
        return System.Text.Encoding.UTF8.GetString(stream.ToArray());
    }

    private static async Task WriteAsync(QueryResult result, Stream stream)
    {
        using var output = new JsonOutput(stream);
        await QueryResultWriter.WriteAsync(output, result, limit: 0, CancellationToken.None);
        await output.FlushAsync(CancellationToken.None);
    }

    private static async Task<TsdbStore> LoadAsync(int series, int points)
    {
        TsdbStore store = await TsdbStore.OpenAsync(new TsdbOptions { Retention = RetentionLimits.None, MinBlockDuration = TimeSpan.FromDays(1) });
        for (int i = 0; i < series; i++)
        {
            await AppendAsync(
                store, i.ToString(CultureInfo.InvariantCulture), Enumerable.Range(0, points).Select(point => (point * 1_000L, (point * 0.5) + i)));
        }

        return store;
    }

    private static async Task AppendAsync(TsdbStore store, string name, IEnumerable<(long TimeMs, double Value)> samples)
    {
        using IAppender appender = store.OpenAppender();
        Labels labels = Labels.FromStrings("__name__", "m", "s", name);
        SeriesRef reference = appender.GetOrCreate(labels.Packed, labels.Hash(), out _);
        var batch = new AppendBatch();
        foreach ((long timeMs, double value) in samples)
            batch.Add(reference, timeMs, value);
        Assert.Equal(0, appender.Append(batch));
        await appender.CommitAsync();
    }
}
