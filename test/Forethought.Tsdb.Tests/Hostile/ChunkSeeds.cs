using Forethought.Model;
using Forethought.Tsdb.Chunks;
using Forethought.Tsdb.Memory;
using Forethought.Tsdb.Tests.Chunks;

namespace Forethought.Tsdb.Tests.Hostile;

/// <summary>Chunks of every encoding: of one sample and of many, stale ones, gauges, custom buckets, start timestamps.</summary>
internal static class ChunkSeeds
{
    public static List<byte[]> Of(ChunkEncoding encoding)
    {
        if (encoding is ChunkEncoding.Xor or ChunkEncoding.Xor2)
            return [.. FloatSeeds(encoding)];
        string kind = encoding is ChunkEncoding.Histogram or ChunkEncoding.HistogramWithStartTimes ? "h" : "H";
        string gauge = kind == "h" ? "g" : "G";
        string start = encoding > ChunkEncoding.Xor2 ? "@" : "";
        var seeds = new List<byte[]>();
        foreach (string history in (string[])["1", "1 1 1 1", "1 2 2 s s", "s s", "2 2 2 2 2 2 2 2 2 2 2 2"])
        {
            seeds.AddRange(Encode(history.Split(' ').Select(step => kind + step + start), encoding));
            seeds.AddRange(Encode(history.Split(' ').Select(step => gauge + step + start), encoding));
        }

        seeds.AddRange(CustomSeeds(encoding));
        return seeds;
    }

    private static IEnumerable<byte[]> Encode(IEnumerable<string> names, ChunkEncoding encoding)
    {
        using var encoder = new ChunkEncoder(new NativeAllocator());
        encoder.Start(ChunkEncoderRules.Keeping(encoding));
        ChunkSamples.Append(encoder, string.Join(' ', names));
        encoder.Complete();
        return [.. encoder.Finished.ToArray().Where(chunk => chunk.Encoding == encoding).Select(chunk => encoder.BytesOf(chunk).ToArray())];
    }

    private static IEnumerable<byte[]> CustomSeeds(ChunkEncoding encoding)
    {
        using var encoder = new ChunkEncoder(new NativeAllocator());
        encoder.Start(ChunkEncoderRules.Keeping(encoding));
        long startMs = encoding > ChunkEncoding.Xor2 ? 1_600_000_000_000 : 0;
        for (int i = 1; i < 8; i++)
        {
            var histogram = new Histogram
            {
                Schema = HistogramSchema.CustomBuckets,
                Count = (ulong)(2 * i + 1),
                Sum = i / 3.0,
                PositiveSpans = [new HistogramSpan(0, 1), new HistogramSpan(1, 1)],
                PositiveBuckets = [i, 1],
                CustomValues = [0.001, 0.25, 1.0 / 3, 1e9],
            };
            if (encoding is ChunkEncoding.Histogram or ChunkEncoding.HistogramWithStartTimes)
                encoder.AppendHistogram(1_700_000_000_000 + 15_000 * i, histogram, startMs);
            else
                encoder.AppendHistogram(1_700_000_000_000 + 15_000 * i, GoldenJson.ToFloat(histogram), startMs);
        }

        encoder.Complete();
        return [.. encoder.Finished.ToArray().Select(chunk => encoder.BytesOf(chunk).ToArray())];
    }

    private static IEnumerable<byte[]> FloatSeeds(ChunkEncoding encoding)
    {
        Random random = new(7);
        foreach (int count in (int[])[1, 2, 3, 9, 120])
        {
            (long Time, long Start, double Value)[] samples = [.. Enumerable.Range(0, count).Select(i => (
                1_700_000_000_000 + 15_000L * i + random.Next(3) * random.Next(2),
                count == 9 ? 1_600_000_000_000 : 0L,
                random.Next(9) switch { 0 => StaleMarker.Value, < 4 => 5.0, < 7 => random.Next(100), _ => random.NextDouble() }))];
            yield return encoding == ChunkEncoding.Xor
                ? ReferenceEncoders.Xor([.. samples.Select(sample => (sample.Time, sample.Value))])
                : ReferenceEncoders.Xor2(samples);
        }
    }
}
