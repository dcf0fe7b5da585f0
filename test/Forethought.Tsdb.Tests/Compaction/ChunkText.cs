using System.Globalization;
using Forethought.Model;
using Forethought.Tsdb.Chunks;
using Forethought.Tsdb.Compaction;
using Forethought.Tsdb.Memory;
using Xunit;

namespace Forethought.Tsdb.Tests.Compaction;

/// <summary>
/// Chunks as text: samples <c>time=value</c> with blanks between, bars between chunks, and plus signs between sources. A value is a
/// number, <c>stale</c>, or a histogram that is told by its time and grows with it, <c>h</c> with integer and <c>H</c> with float
/// counts, <c>g</c> and <c>G</c> for gauges. A time alone is a float of that value. <c>@</c> and a number add a start timestamp.
/// </summary>
internal static class ChunkText
{
    public static List<List<ListedChunks.Item>> Sources(string text) => [.. text.Split('+', StringSplitOptions.TrimEntries).Select(Chunks)];

    public static List<ListedChunks.Item> Chunks(string text)
    {
        using var encoder = new ChunkEncoder(new NativeAllocator());
        var chunks = new List<ListedChunks.Item>();
        foreach (string chunk in text.Split('|', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            bool hasStarts = chunk.Contains('@', StringComparison.Ordinal);
            encoder.Start(new ChunkEncoderRules(hasStarts ? ChunkEncoding.Xor2 : ChunkEncoding.Xor, hasStarts, ushort.MaxValue));
            foreach (string sample in chunk.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                Append(encoder, sample);
            encoder.Complete();
            chunks.Add(FromEncoder(encoder));
        }

        return chunks;
    }

    /// <summary>The only chunk that an encoder has finished.</summary>
    public static ListedChunks.Item FromEncoder(ChunkEncoder encoder)
    {
        EncodedChunk encoded = Assert.Single(encoder.Finished.ToArray());
        return new ListedChunks.Item(encoded.MinTimeMs, encoded.MaxTimeMs, encoded.Encoding, encoder.BytesOf(encoded).ToArray());
    }

    public static string Describe(IEnumerable<ListedChunks.Item> chunks) => string.Join(" | ", chunks.Select(Describe));

    /// <summary>The chunk's samples; a chunk says by its range what a reader relies on.</summary>
    public static string Describe(ListedChunks.Item chunk)
    {
        var rows = new ChunkRows();
        rows.Decode(chunk.Encoding, chunk.Bytes);
        Assert.Equal((rows.TimesMs[0], rows.TimesMs[^1]), (chunk.MinTimeMs, chunk.MaxTimeMs));
        return string.Join(' ', Enumerable.Range(0, rows.Count).Select(row => Describe(rows, row)));
    }

    /// <summary>One sample of a chunk.</summary>
    public static string Describe(ChunkRows rows, int row)
    {
        long time = rows.TimesMs[row];
        string start = rows.StartMs(row) == 0 ? "" : $"@{rows.StartMs(row)}";
        if (!rows.IsFloats)
            return $"{time}={DescribeHistogram(rows, row)}{start}";
        double value = rows.Value(row);
        string text = StaleMarker.IsStale(value) ? "stale" : value.ToString(CultureInfo.InvariantCulture);
        return value == time ? $"{time}{start}" : $"{time}={text}{start}";
    }

    private static string DescribeHistogram(ChunkRows rows, int row)
    {
        var sample = new HistogramSample();
        rows.LoadHistogram(row, sample);
        bool isInteger = rows.Encoding is ChunkEncoding.Histogram or ChunkEncoding.HistogramWithStartTimes;
        if (sample.IsStale)
            return isInteger ? "hstale" : "Hstale";
        double count = isInteger ? sample.Count : BitConverter.UInt64BitsToDouble(sample.Count);
        Assert.Equal(Histogram(rows.TimesMs[row]).Count, count);
        string kind = sample.CounterResetHint == CounterResetHint.Gauge ? "g" : "h";
        return isInteger ? kind : kind.ToUpperInvariant();
    }

    private static void Append(ChunkEncoder encoder, string sample)
    {
        string[] parts = sample.Split('@');
        long start = parts.Length > 1 ? long.Parse(parts[1], CultureInfo.InvariantCulture) : 0;
        string[] pair = parts[0].Split('=');
        long time = long.Parse(pair[0], CultureInfo.InvariantCulture);
        string value = pair.Length > 1 ? pair[1] : pair[0];
        Histogram histogram = value.EndsWith("stale", StringComparison.Ordinal) ? new Histogram { Sum = StaleMarker.Value } : Histogram(time);
        if (value is "g" or "G")
            histogram.CounterResetHint = CounterResetHint.Gauge;
        switch (value[0])
        {
            case 'h' or 'g':
                encoder.AppendHistogram(time, histogram, start);
                break;
            case 'H' or 'G':
                encoder.AppendHistogram(time, GoldenJson.ToFloat(histogram), start);
                break;
            default:
                encoder.AppendFloat(time, value == "stale" ? StaleMarker.Value : double.Parse(value, CultureInfo.InvariantCulture), start);
                break;
        }
    }

    private static Histogram Histogram(long time) => new()
    {
        Count = (ulong)(2 * time + 4),
        ZeroCount = 1,
        ZeroThreshold = 0.001,
        Sum = time,
        Schema = 1,
        PositiveSpans = [new HistogramSpan(0, 2)],
        PositiveBuckets = [time + 1, 1],
    };
}
