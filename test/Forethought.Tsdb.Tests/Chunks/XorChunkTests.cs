using System.Runtime.CompilerServices;
using System.Text.Json;
using Forethought.Model;
using Forethought.Testing;
using Forethought.Tsdb.Chunks;
using Forethought.Tsdb.Memory;
using Xunit;

namespace Forethought.Tsdb.Tests.Chunks;

public sealed class XorChunkTests : IDisposable
{
    private readonly NativeAllocator _allocator = new();
    private readonly BlockSlab _slab;

    public XorChunkTests() => _slab = new BlockSlab(_allocator, MemoryPurpose.OpenChunks);

    public void Dispose() => _slab.Dispose();

    [Fact]
    public void The_state_takes_48_bytes() => Assert.Equal(48, Unsafe.SizeOf<XorChunkState>());

    [Fact]
    public void Two_equal_samples_take_the_bytes_that_the_format_says()
    {
        // Count 2; varint 2·1000 zigzag = 2000 = D0 0F; value 1.0; delta 15000 = 98 75; a zero bit.
        Assert.Equal("0002D00F3FF0000000000000987500", Convert.ToHexString(Encode([(1000, 1.0), (16000, 1.0)])));
    }

    [Fact]
    public void Chunks_equal_those_of_upstream_byte_for_byte()
    {
        int chunks = 0;
        foreach (JsonElement line in GoldenJson.Lines("golden/chunks.jsonl").Where(line => line.Int64("enc") == 1))
        {
            (long, double)[] samples = [.. line.GetProperty("samples").EnumerateArray().Select(s => (s[0].GetInt64(), s[2].Bits()))];
            byte[] expected = line.Hex("hex");
            if (samples.Length > 0)
                Assert.Equal(Convert.ToHexString(expected), Convert.ToHexString(Encode(samples)));
            AssertSamples(samples, Decode(expected));
            chunks++;
        }

        Assert.Equal(30, chunks);
        Assert.Equal(0, _slab.BlocksInUse);
    }

    [Fact]
    public void What_goes_in_comes_out()
    {
        var random = new Random(1);
        for (int round = 0; round < 400; round++)
        {
            (long, double)[] samples = Samples(random, 1 + random.Next(200));
            byte[] chunk = Encode(samples);
            AssertSamples(samples, Decode(chunk));
        }
    }

    [Fact]
    public void A_time_range_selects_inclusively()
    {
        var random = new Random(2);
        for (int round = 0; round < 400; round++)
        {
            (long Time, double Value)[] samples = Samples(random, 1 + random.Next(150));
            byte[] chunk = Encode(samples);
            long min = samples[random.Next(samples.Length)].Time + random.Next(-1, 2);
            long max = samples[random.Next(samples.Length)].Time + random.Next(-1, 2);
            var batch = new SampleBatch(1);
            batch.Add(-5, 7);
            XorChunkDecoder.Decode(chunk, min, max, batch);
            (long, double)[] expected = [(-5, 7), .. samples.Where(s => s.Time >= min && s.Time <= max)];
            AssertSamples(expected, batch);
        }
    }

    [Fact]
    public void Stale_markers_are_told_by_their_kind_and_other_nans_are_not()
    {
        (long, double)[] samples =
        [
            (0, 1), (10, StaleMarker.Value), (20, StaleMarker.Value), (30, StaleMarker.Value), (40, StaleMarker.NormalNaN), (50, 2),
        ];
        byte[] chunk = Encode(samples);
        AssertSamples(samples, Decode(chunk));
        var batch = new SampleBatch();
        XorChunkDecoder.Decode(chunk, 40, 50, batch);
        Assert.Equal(SampleKind.Float, batch.AllKinds);
    }

    [Fact]
    public void A_copy_taken_between_appends_is_a_whole_chunk()
    {
        (long, double)[] samples = Samples(new Random(3), 120);
        XorChunkState state = default;
        state.Start(_slab, samples[0].Item1, samples[0].Item2);
        for (int i = 1; i < samples.Length; i++)
        {
            byte[] copy = new byte[state.ByteLength];
            Assert.Equal(copy.Length, state.CopyTo(_slab, copy));
            AssertSamples(samples[..i], Decode(copy));
            state.Append(_slab, samples[i].Item1, samples[i].Item2);
        }

        state.Free(_slab);
        Assert.Equal(0, _slab.BlocksInUse);
        Assert.Equal(0, state.SampleCount);
    }

    [Fact]
    public void A_chunk_is_full_before_the_largest_sample_could_pass_a_kibibyte()
    {
        var random = new Random(4);
        XorChunkState state = default;
        state.Start(_slab, 0, 0);
        long time = 0;
        while (!state.IsFull)
        {
            time = unchecked(time + random.NextInt64());
            state.Append(_slab, time, BitConverter.Int64BitsToDouble(random.NextInt64()));
            Assert.InRange(state.ByteLength, 0, 1024);
        }

        Assert.InRange(state.ByteLength, 1006, 1024);
        state.Free(_slab);
    }

    [Fact]
    public void A_chunk_cut_at_any_byte_is_told_to_be_damaged()
    {
        byte[] chunk = Encode(Samples(new Random(5), 120));
        for (int length = 0; length < chunk.Length; length++)
        {
            var batch = new SampleBatch();
            Assert.Throws<TsdbCorruptionException>(
                () => XorChunkDecoder.Decode(chunk.AsSpan(0, length), long.MinValue, long.MaxValue, batch));
            Assert.Equal(0, batch.Count);
        }
    }

    [Fact]
    public void Any_bytes_decode_or_are_told_to_be_damaged()
    {
        var random = new Random(6);
        byte[] good = Encode(Samples(random, 120));
        for (int round = 0; round < 20_000; round++)
        {
            byte[] chunk = round % 2 == 0 ? new byte[random.Next(80)] : [.. good];
            if (round % 2 == 0)
                random.NextBytes(chunk);
            else
                chunk[random.Next(chunk.Length)] ^= (byte)(1 << random.Next(8));
            var batch = new SampleBatch();
            try
            {
                XorChunkDecoder.Decode(chunk, long.MinValue, long.MaxValue, batch);
                Assert.Equal((chunk[0] << 8) | chunk[1], batch.Count);
            }
            catch (TsdbCorruptionException)
            {
                Assert.Equal(0, batch.Count);
            }
        }
    }

    [Fact]
    public void A_count_that_the_bytes_cannot_hold_makes_no_room_for_itself()
    {
        var batch = new SampleBatch(4);
        Assert.Throws<TsdbCorruptionException>(() => XorChunkDecoder.Decode([0xff, 0xff, 0, 0], long.MinValue, long.MaxValue, batch));
        Assert.Equal(4, batch.TimesMs.Length);
    }

    [Fact]
    public void Decoding_into_a_warm_batch_allocates_nothing()
    {
        byte[] chunk = Encode(Samples(new Random(7), 120));
        var batch = new SampleBatch();
        XorChunkDecoder.Decode(chunk, long.MinValue, long.MaxValue, batch);
        Assert.Equal(0, Allocation.Of(() =>
        {
            batch.Clear();
            XorChunkDecoder.Decode(chunk, long.MinValue, long.MaxValue, batch);
        }));
    }

    /// <summary>Series of the kinds that occur: constants, counters, measurements, NaNs, and anything.</summary>
    private static (long Time, double Value)[] Samples(Random random, int count)
    {
        var samples = new (long, double)[count];
        int kind = random.Next(6);
        long time = random.NextInt64(-1_000_000_000, 2_000_000_000_000);
        double value = random.Next(1000);
        for (int i = 0; i < count; i++)
        {
            samples[i] = (time, value);
            time += random.Next(4) switch
            {
                0 when kind == 1 => 15_000 + random.Next(-3, 3),
                0 when kind == 2 => 1 + random.NextInt64(1L << random.Next(1, 40)),
                _ => 15_000,
            };
            value = kind switch
            {
                0 => value,
                1 => value + random.Next(3),
                2 => random.Next(5) == 0 ? StaleMarker.Value : Math.Round(random.NextDouble() * 100, 2),
                3 => random.NextDouble(),
                4 => BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue)),
                _ => random.Next(10) == 0 ? random.Next() : value,
            };
        }

        return samples;
    }

    private byte[] Encode(ReadOnlySpan<(long Time, double Value)> samples)
    {
        XorChunkState state = default;
        state.Start(_slab, samples[0].Time, samples[0].Value);
        foreach ((long time, double value) in samples[1..])
            state.Append(_slab, time, value);
        Assert.Equal(samples.Length, state.SampleCount);
        Assert.Equal(samples[^1].Time, state.LastTimeMs);
        byte[] chunk = new byte[state.ByteLength];
        state.CopyTo(_slab, chunk);
        state.Free(_slab);
        return chunk;
    }

    private static SampleBatch Decode(byte[] chunk)
    {
        var batch = new SampleBatch(1);
        ChunkDecoder.Decode(ChunkEncoding.Xor, chunk, long.MinValue, long.MaxValue, batch);
        return batch;
    }

    private static void AssertSamples((long Time, double Value)[] expected, SampleBatch batch)
    {
        Assert.Equal(expected.Length, batch.Count);
        SampleKind all = SampleKind.Float;
        for (int i = 0; i < expected.Length; i++)
        {
            SampleKind kind = StaleMarker.IsStale(expected[i].Value) ? SampleKind.Stale : SampleKind.Float;
            all |= kind;
            if (expected[i].Time != batch.TimesMs[i]
                || BitConverter.DoubleToInt64Bits(expected[i].Value) != BitConverter.DoubleToInt64Bits(batch.Values[i])
                || kind != batch.Kinds[i])
                Assert.Fail($"sample {i}: {expected[i]} became ({batch.TimesMs[i]}, {batch.Values[i]}), {batch.Kinds[i]}");
        }

        Assert.Equal(all, batch.AllKinds);
    }
}
