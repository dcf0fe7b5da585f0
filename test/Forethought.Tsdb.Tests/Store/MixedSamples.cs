using System.Text;
using Forethought.Model;
using Forethought.Storage;
using Forethought.Tsdb.Chunks;
using Forethought.Tsdb.Head;
using Forethought.Tsdb.Memory;
using Forethought.Tsdb.Platform;
using Forethought.Tsdb.Tests.Wal;
using Forethought.Tsdb.Wal;

namespace Forethought.Tsdb.Tests.Store;

/// <summary>
/// Samples of all kinds as letters: <c>f</c> float, <c>h</c> and <c>c</c> histograms with integer counts and exponential or custom
/// buckets, <c>H</c> and <c>C</c> those with float counts, <c>s</c> the stale marker as a float.
/// </summary>
internal static class MixedSamples
{
    public const string Letters = "fhcHCs";

    /// <summary>Adds a sample; its number tells it from others of its kind.</summary>
    public static void AddMixed(this AppendBatch batch, SeriesRef series, long timeMs, char letter, int number)
    {
        switch (letter)
        {
            case 'f':
                batch.Add(series, timeMs, (double)number);
                break;
            case 's':
                batch.Add(series, timeMs, StaleMarker.Value);
                break;
            case 'h' or 'c':
                batch.Add(series, timeMs, Integers(number, letter == 'c'));
                break;
            default:
                batch.Add(series, timeMs, Floats(number, letter == 'C'));
                break;
        }
    }

    /// <summary>
    /// What a reader gets of a series, found by its job, as text like <c>1000 f1, 2000 h2, 3000 stale h</c>. Float counts and
    /// integer counts cannot be told apart when read.
    /// </summary>
    public static async Task<string> ReadMixedAsync(this TsdbStore store, Labels labels)
    {
        using IQuerier querier = store.OpenQuerier(long.MinValue, long.MaxValue);
        var hints = new SelectHints { StartMs = long.MinValue, EndMs = long.MaxValue };
        Matcher[] matchers = [new Matcher(Forethought.Model.MatchType.Equal, "job", labels["job"])];
        using ISeriesSet set = await querier.SelectAsync(hints, matchers, TestContext.Current.CancellationToken);
        var batch = new SampleBatch();
        if (set.MoveNext())
            StoreModel.ReadSamples(set, batch);
        return string.Join(", ", Enumerable.Range(0, batch.Count).Select(row => $"{batch.TimesMs[row]} {Describe(batch, row)}"));
    }

    /// <summary>The samples as <see cref="ReadMixedAsync"/> gives them.</summary>
    public static string Describe(IEnumerable<(long TimeMs, char Letter, int Number)> samples)
    {
        var text = new List<string>();
        char last = 'f';
        foreach ((long timeMs, char letter, int number) in samples)
        {
            if (letter != 's')
                last = letter;
            string kind = last == 'f' ? "f" : last is 'c' or 'C' ? "c" : "h";
            text.Add(letter == 's' ? $"{timeMs} stale {(last == 'f' ? 'f' : 'h')}" : $"{timeMs} {kind}{number}");
        }

        return string.Join(", ", text);
    }

    /// <summary>The encodings of a series' chunks, oldest first.</summary>
    public static unsafe List<ChunkEncoding> Encodings(this TsdbStore store, Labels labels)
    {
        HeadState head = store.Head;
        EpochPin pin = head.Epochs.Pin();
        uint slot = head.Index.GetOrCreate(labels.Packed, labels.Hash(), 0, out bool created);
        Assert.False(created);
        HeadShard shard = head.ShardOf(slot);
        var encodings = new List<ChunkEncoding>();
        lock (shard.Lock)
        {
            ref SeriesState state = ref head.Index.Series.State(slot);
            if ((state.Flags & SeriesFlags.Open) != 0)
                encodings.Add(OpenChunk.Encoding(shard, ref state));
            for (uint handle = head.Index.Series.Entry(slot).Sealed; handle != 0;)
            {
                ref SealedChunk chunk = ref *(SealedChunk*)shard.Sealed.Pointer(handle);
                encodings.Insert(0, chunk.Encoding);
                handle = chunk.Previous;
            }
        }

        head.Epochs.Unpin(pin);
        return encodings;
    }

    /// <summary>
    /// The records of samples in a log, as text: the record's letter (that of the samples that it may hold) and their times in
    /// seconds, like <c>f(1 2) h(3)</c>.
    /// </summary>
    public static string DescribeLog(string directory) => DescribeLog(new FileSystemDirectory(directory));

    /// <inheritdoc cref="DescribeLog(string)"/>
    public static string DescribeLog(IStorageDirectory directory)
    {
        (List<string> records, TsdbCorruptionException? damage) = WalFixture.ReadAll(directory, Describe);
        Assert.Null(damage);
        return string.Join(' ', records.Where(record => record.Length > 0));
    }

    private static string Describe(byte[] record)
    {
        WalRecordType type = WalRecord.TypeOf(record);
        switch (type)
        {
            case WalRecordType.Samples:
                var samples = new WalSamples();
                SampleRecords.Decode(record, samples);
                return Describe('f', samples.TimesMs, samples.Count);
            case WalRecordType.HistogramSamples or WalRecordType.CustomBucketsHistogramSamples or WalRecordType.HistogramSamplesV2:
                var integers = new WalHistograms<Histogram>();
                HistogramRecords.Decode(record, integers);
                return Describe(type == WalRecordType.CustomBucketsHistogramSamples ? 'c' : 'h', integers.TimesMs, integers.Count);
            case WalRecordType.FloatHistogramSamples or WalRecordType.CustomBucketsFloatHistogramSamples
                or WalRecordType.FloatHistogramSamplesV2:
                var floats = new WalHistograms<FloatHistogram>();
                HistogramRecords.Decode(record, floats);
                return Describe(type == WalRecordType.CustomBucketsFloatHistogramSamples ? 'C' : 'H', floats.TimesMs, floats.Count);
            default:
                return "";
        }
    }

    private static string Describe(char letter, long[] timesMs, int count) =>
        $"{letter}({string.Join(' ', timesMs.Take(count).Select(time => time / 1000))})";

    internal static string Describe(SampleBatch batch, int row)
    {
        if ((batch.Kinds[row] & SampleKind.Histogram) == 0)
            return StaleMarker.IsStale(batch.Values[row]) ? "stale f" : $"f{batch.Values[row]}";
        FloatHistogram histogram = batch.Histograms![row]!;
        if (histogram.IsStale)
            return "stale h";
        Assert.Equal(histogram.Sum, histogram.PositiveBuckets[0]);
        return $"{(histogram.UsesCustomBuckets ? 'c' : 'h')}{histogram.Sum}";
    }

    public static Histogram Integers(int number, bool isCustom) => new()
    {
        Schema = isCustom ? HistogramSchema.CustomBuckets : 1,
        Count = (ulong)(2 * number + 1),
        Sum = number,
        PositiveSpans = [new HistogramSpan(0, 2)],
        PositiveBuckets = [number, 1],
        CustomValues = isCustom ? [1, 2] : [],
    };

    public static FloatHistogram Floats(int number, bool isCustom) => new()
    {
        Schema = isCustom ? HistogramSchema.CustomBuckets : 1,
        Count = 2 * number + 1,
        Sum = number,
        PositiveSpans = [new HistogramSpan(0, 2)],
        PositiveBuckets = [number, number + 1],
        CustomValues = isCustom ? [1, 2] : [],
    };
}
