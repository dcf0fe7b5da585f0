using Forethought.Model;
using Forethought.Tsdb.Chunks;

namespace Forethought.Tsdb.Tests.Chunks;

/// <summary>
/// Samples by name, for tables of what becomes of a series. <c>f</c> is a float and <c>s</c> a stale one. Histograms begin with
/// <c>h</c> for integer or <c>H</c> for float counts, and gauges with <c>g</c> or <c>G</c>; then follow <c>1</c>, buckets 0 and 1;
/// <c>2</c>, more of them and buckets 3 and 4; <c>-</c>, the same buckets as that with less in bucket 0 than <c>1</c> has; <c>x</c>,
/// as <c>1</c> with an empty bucket before; or <c>s</c>, stale. An <c>@</c> at the end adds a start timestamp.
/// </summary>
internal static class ChunkSamples
{
    /// <summary>Appends the samples that are named, one each ten milliseconds.</summary>
    public static void Append(ChunkEncoder encoder, string names)
    {
        long time = 0;
        foreach (string name in names.Split(' '))
        {
            time += 10;
            long start = name.EndsWith('@') ? 5 : 0;
            string kind = name.TrimEnd('@');
            if (kind is "f" or "s")
                encoder.AppendFloat(time, kind == "f" ? time / 10 : StaleMarker.Value, start);
            else if (kind[0] is 'h' or 'g')
                encoder.AppendHistogram(time, Integer(kind), start);
            else
                encoder.AppendHistogram(time, Float(kind), start);
        }
    }

    public static Histogram Integer(string kind)
    {
        Histogram histogram = kind[1] switch
        {
            '1' => Make(7, [new(0, 2)], [2, 1]),
            '2' => Make(12, [new(0, 2), new(1, 2)], [2, 1, -2, 3]),
            '-' => Make(10, [new(0, 2), new(1, 2)], [1, 1, -1, 3]),
            'x' => Make(7, [new(-10, 1), new(9, 2)], [0, 2, 1]),
            _ => new Histogram { Sum = StaleMarker.Value },
        };
        if (kind[0] == 'g')
            histogram.CounterResetHint = CounterResetHint.Gauge;
        return histogram;
    }

    public static FloatHistogram Float(string kind) => GoldenJson.ToFloat(Integer(kind.ToLowerInvariant()));

    /// <summary>The finished chunks: encoding, number of samples, for histograms the counter-reset header.</summary>
    public static string Describe(ChunkEncoder encoder)
    {
        var texts = new List<string>();
        foreach (EncodedChunk chunk in encoder.Finished)
        {
            ReadOnlySpan<byte> bytes = encoder.BytesOf(chunk);
            bool hasStarts = chunk.Encoding > ChunkEncoding.Xor2;
            bool isHistogram = hasStarts || chunk.Encoding is ChunkEncoding.Histogram or ChunkEncoding.FloatHistogram;
            string header = isHistogram ? $" {HistogramChunkHeader.Decode(bytes[hasStarts ? 0 : 2])}" : "";
            texts.Add($"{ChunkDecoder.NameOf(chunk.Encoding)} {chunk.SampleCount}{header}");
        }

        return string.Join(", ", texts);
    }

    private static Histogram Make(ulong count, HistogramSpan[] spans, long[] buckets) => new()
    {
        Count = count,
        ZeroCount = 2,
        ZeroThreshold = 0.001,
        Sum = 100,
        PositiveSpans = spans,
        PositiveBuckets = buckets,
    };
}
