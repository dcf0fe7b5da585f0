using System.Text.Json;
using Forethought.Model;
using Forethought.Tsdb.Chunks;
using Forethought.Tsdb.Memory;
using Xunit;

namespace Forethought.Tsdb.Tests.Chunks;

/// <summary>The encoders and decoders against references that were written for plainness, which are held to the golden chunks.</summary>
public sealed class ReferenceEncoderTests
{
    [Fact]
    public void The_references_write_upstream_s_bytes()
    {
        int chunks = 0;
        foreach (JsonElement line in GoldenJson.Lines("golden/chunks.jsonl").Where(line => line.Int64("enc") is 1 or 4))
        {
            (long Time, long Start, double Value)[] samples =
                [.. line.GetProperty("samples").EnumerateArray().Select(s => (s[0].GetInt64(), s[1].GetInt64(), s[2].Bits()))];
            if (samples.Length == 0)
                continue;
            byte[] chunk = line.Int64("enc") == 1
                ? ReferenceEncoders.Xor([.. samples.Select(s => (s.Time, s.Value))])
                : ReferenceEncoders.Xor2(samples);
            Assert.Equal($"{line.Text("name")} {line.Text("hex")}", $"{line.Text("name")} {Convert.ToHexStringLower(chunk)}");
            chunks++;
        }

        Assert.True(chunks > 100);
    }

    [Fact]
    public void Open_chunks_have_the_bytes_of_the_reference()
    {
        using var slab = new BlockSlab(new NativeAllocator(), MemoryPurpose.OpenChunks);
        var random = new Random(31);
        for (int round = 0; round < 500; round++)
        {
            (long Time, double Value)[] samples = [.. Samples(random).Select(s => (s.Time, s.Value))];
            XorChunkState state = default;
            state.Start(slab, samples[0].Time, samples[0].Value);
            foreach ((long time, double value) in samples.AsSpan(1))
                state.Append(slab, time, value);
            byte[] chunk = new byte[state.ByteLength];
            state.CopyTo(slab, chunk);
            state.Free(slab);
            Assert.Equal(Convert.ToHexString(ReferenceEncoders.Xor(samples)), Convert.ToHexString(chunk));
        }
    }

    [Fact]
    public void Open_chunks_with_start_timestamps_have_the_bytes_of_the_reference()
    {
        using var slab = new BlockSlab(new NativeAllocator(), MemoryPurpose.OpenChunks);
        var random = new Random(34);
        for (int round = 0; round < 500; round++)
        {
            (long Time, long Start, double Value)[] samples = Samples(random);
            Xor2ChunkState state = default;
            state.Start(slab, samples[0].Time, samples[0].Value, samples[0].Start);
            foreach ((long time, long start, double value) in samples.AsSpan(1))
                state.Append(slab, time, value, start);
            byte[] chunk = new byte[state.ByteLength];
            state.CopyTo(slab, chunk);
            state.Free(slab);
            Assert.Equal(Convert.ToHexString(ReferenceEncoders.Xor2(samples)), Convert.ToHexString(chunk));
        }

        Assert.Equal(0, slab.BlocksInUse);
    }

    [Fact]
    public void Xor_chunks_of_the_reference_decode_to_its_samples()
    {
        var random = new Random(32);
        for (int round = 0; round < 500; round++)
        {
            (long Time, long Start, double Value)[] samples = Samples(random);
            var batch = new SampleBatch(1);
            byte[] chunk = ReferenceEncoders.Xor([.. samples.Select(s => (s.Time, s.Value))]);
            ChunkDecoder.Decode(ChunkEncoding.Xor, chunk, long.MinValue, long.MaxValue, batch);
            AssertSamples(samples, batch, hasStarts: false);
        }
    }

    [Fact]
    public void Xor2_chunks_of_the_reference_decode_to_its_samples()
    {
        var random = new Random(33);
        for (int round = 0; round < 500; round++)
        {
            (long Time, long Start, double Value)[] samples = Samples(random);
            var batch = new SampleBatch(1);
            ChunkDecoder.Decode(ChunkEncoding.Xor2, ReferenceEncoders.Xor2(samples), long.MinValue, long.MaxValue, batch);
            AssertSamples(samples, batch, hasStarts: true);
        }
    }

    private static void AssertSamples((long Time, long Start, double Value)[] expected, SampleBatch batch, bool hasStarts)
    {
        Assert.Equal(expected.Select(s => s.Time), batch.TimesMs[..batch.Count]);
        Assert.Equal(
            expected.Select(s => BitConverter.DoubleToInt64Bits(s.Value)),
            batch.Values[..batch.Count].Select(BitConverter.DoubleToInt64Bits));
        if (hasStarts)
            Assert.Equal(expected.Select(s => s.Start), Enumerable.Range(0, batch.Count).Select(i => batch.StartTimesMs?[i] ?? 0));
    }

    /// <summary>Steady and jittering times with gaps; values that stay, count, measure, go stale; start timestamps that reset.</summary>
    private static (long Time, long Start, double Value)[] Samples(Random random)
    {
        var samples = new (long, long, double)[1 + random.Next(200)];
        long time = random.NextInt64(2_000_000_000_000);
        long start = random.Next(3) == 0 ? 0 : time - random.Next(100_000);
        double value = random.Next(50);
        int jitter = random.Next(3) switch { 0 => 0, 1 => 3, _ => 20_000 };
        for (int i = 0; i < samples.Length; i++)
        {
            samples[i] = (time, start, random.Next(15) == 0 ? StaleMarker.Value : value);
            time += 15_000 + random.Next(jitter + 1) + (random.Next(40) == 0 ? random.NextInt64(1L << 33) : 0);
            if (start != 0 && random.Next(30) == 0)
                start = time - random.Next(5000);
            value = random.Next(4) switch
            {
                0 => value,
                1 => value + random.Next(100),
                2 => Math.Round(random.NextDouble(), 3),
                _ => BitConverter.Int64BitsToDouble(random.NextInt64(long.MaxValue) >> random.Next(60)),
            };
        }

        return samples;
    }
}
