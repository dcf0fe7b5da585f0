using System.Text.Json;
using Forethought.Model;
using Forethought.Tsdb.Chunks;
using Xunit;

namespace Forethought.Tsdb.Tests.Chunks;

public sealed class Xor2ChunkTests
{
    [Theory]
    // Count 3; no start timestamps; time 1000 as varint D00F; value 1.0; delta 15000 as uvarint 9875, then bits: 0, the same value;
    // and 0, nothing changes, or 11111, stale.
    [InlineData("000300D00F3FF0000000000000987500", "3ff0000000000000")]
    [InlineData("000300D00F3FF000000000000098757C", "7ff0000000000002")]
    public void Three_samples_decode_as_the_format_says(string hex, string third)
    {
        SampleBatch batch = new();
        Xor2ChunkDecoder.Decode(Convert.FromHexString(hex), long.MinValue, long.MaxValue, batch);
        Assert.Equal(["1000 0 3ff0000000000000", "16000 0 3ff0000000000000", $"31000 0 {third}"], Describe(batch));
    }

    [Fact]
    public void Chunks_of_upstream_decode_with_their_start_timestamps()
    {
        JsonElement[] lines = Golden();
        foreach (JsonElement line in lines)
        {
            SampleBatch batch = new(1);
            ChunkDecoder.Decode(ChunkEncoding.Xor2, line.Hex("hex"), long.MinValue, long.MaxValue, batch);
            Assert.Equal(Describe(line), Describe(batch));
        }

        Assert.Equal(81, lines.Length);
    }

    [Fact]
    public void A_time_range_selects_inclusively()
    {
        foreach (JsonElement line in Golden().Where(line => line.GetProperty("samples").GetArrayLength() > 3))
        {
            long[] times = [.. line.GetProperty("samples").EnumerateArray().Select(sample => sample[0].GetInt64())];
            if (times.Zip(times.Skip(1)).Any(pair => pair.First >= pair.Second))
                continue;
            (long min, long max) = (times[1], times[^2]);
            SampleBatch batch = new();
            batch.Add(min - 1, 7);
            ChunkDecoder.Decode(ChunkEncoding.Xor2, line.Hex("hex"), min, max, batch);
            Assert.Equal(
                Describe(line).Where((_, i) => times[i] >= min && times[i] <= max),
                Describe(batch).Skip(1));
        }
    }

    [Fact]
    public void Cut_or_changed_bytes_decode_or_are_told_to_be_damaged()
    {
        var random = new Random(8);
        foreach (JsonElement line in Golden().Where(line => line.GetProperty("samples").GetArrayLength() is > 1 and < 200))
        {
            byte[] good = line.Hex("hex");
            for (int length = 0; length < good.Length; length++)
                Assert.Equal(-1, DecodesOrThrows(good[..length]));
            for (int round = 0; round < 200; round++)
            {
                byte[] bytes = [.. good];
                bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
                DecodesOrThrows(bytes);
            }
        }
    }

    private static JsonElement[] Golden() =>
        [.. GoldenJson.Lines("golden/chunks.jsonl").Where(line => line.Int64("enc") == (int)ChunkEncoding.Xor2)];

    private static int DecodesOrThrows(byte[] chunk)
    {
        SampleBatch batch = new();
        try
        {
            ChunkDecoder.Decode(ChunkEncoding.Xor2, chunk, long.MinValue, long.MaxValue, batch);
            return batch.Count;
        }
        catch (TsdbCorruptionException)
        {
            Assert.Equal(0, batch.Count);
            Assert.True(batch.StartTimesMs is null || batch.StartTimesMs.All(start => start == 0));
            return -1;
        }
    }

    private static IEnumerable<string> Describe(JsonElement line) =>
        from sample in line.GetProperty("samples").EnumerateArray()
        select $"{sample[0].GetInt64()} {sample[1].GetInt64()} {sample[2].GetString()}";

    private static IEnumerable<string> Describe(SampleBatch batch)
    {
        for (int i = 0; i < batch.Count; i++)
        {
            Assert.Equal(StaleMarker.IsStale(batch.Values[i]), batch.Kinds[i] == SampleKind.Stale);
            yield return $"{batch.TimesMs[i]} {batch.StartTimesMs?[i] ?? 0} {BitConverter.DoubleToUInt64Bits(batch.Values[i]):x16}";
        }
    }
}
