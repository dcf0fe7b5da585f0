using System.Runtime.CompilerServices;
using System.Text.Json;
using Forethought.Model;
using Forethought.Tsdb.Chunks;
using Forethought.Tsdb.Memory;
using Xunit;

namespace Forethought.Tsdb.Tests.Chunks;

public sealed class Xor2ChunkStateTests : IDisposable
{
    private readonly BlockSlab _slab = new(new NativeAllocator(), MemoryPurpose.OpenChunks);

    public void Dispose()
    {
        Assert.Equal(0, _slab.BlocksInUse);
        _slab.Dispose();
    }

    [Fact]
    public void The_state_takes_48_bytes() => Assert.Equal(48, Unsafe.SizeOf<Xor2ChunkState>());

    [Theory]
    // As in Xor2ChunkTests: count 3; no start timestamps; varint 1000; 1.0; uvarint 15000; a zero bit; then 0, or 11111 for stale.
    [InlineData(false, "000300D00F3FF0000000000000987500")]
    [InlineData(true, "000300D00F3FF000000000000098757C")]
    public void Three_samples_take_the_bytes_that_the_format_says(bool isThirdStale, string expected)
    {
        byte[] chunk = Encode([(1000, 0, 1.0), (16000, 0, 1.0), (31000, 0, isThirdStale ? StaleMarker.Value : 1.0)]);
        Assert.Equal(expected, Convert.ToHexString(chunk));
    }

    [Fact]
    public void Start_timestamps_take_the_bits_that_the_format_says()
    {
        // Header 01: the first has none, distances from sample 1 on. After the second sample's delta 9875 and its value bit 0 the distance 1000 - 2000 = -1000 as varbit: 11110 and 12 bits of two's
        // complement, 110000011000. In all 0 11110 11 | 00000110 | 00 and zeros.
        byte[] chunk = Encode([(1000, 0, 1.0), (16000, 2000, 1.0)]);
        Assert.Equal("000201D00F3FF00000000000009875" + "7B0600", Convert.ToHexString(chunk));
        chunk = Encode([(1000, 500, 1.0), (16000, 500, 1.0)]);
        // Distance 500 as varint E807; it stays, so nothing follows but the value bit.
        Assert.Equal("000280D00F3FF0000000000000E807987500", Convert.ToHexString(chunk));
    }

    [Fact]
    public void Chunks_equal_those_of_upstream_byte_for_byte()
    {
        int chunks = 0;
        foreach (JsonElement line in GoldenJson.Lines("golden/chunks.jsonl").Where(line => line.Int64("enc") == 4))
        {
            (long, long, double)[] samples =
                [.. line.GetProperty("samples").EnumerateArray().Select(s => (s[0].GetInt64(), s[1].GetInt64(), s[2].Bits()))];
            if (samples.Length == 0)
                continue;
            Assert.Equal($"{line.Text("name")} {line.Text("hex")}", $"{line.Text("name")} {Convert.ToHexStringLower(Encode(samples))}");
            chunks++;
        }

        Assert.True(chunks >= 80, $"{chunks} chunks");
    }

    [Fact]
    public void A_copy_taken_between_appends_is_a_whole_chunk_and_the_state_tells_the_last_sample()
    {
        (long Time, long Start, double Value)[] samples = [.. Enumerable.Range(0, 300).Select(Sample)];
        Xor2ChunkState state = default;
        state.Start(_slab, samples[0].Time, samples[0].Value, samples[0].Start);
        for (int i = 1; i < samples.Length; i++)
        {
            Assert.Equal(samples[i - 1].Time, state.LastTimeMs);
            Assert.Equal(BitConverter.DoubleToInt64Bits(samples[i - 1].Value), BitConverter.DoubleToInt64Bits(state.LastValue));
            Assert.Equal(i, state.SampleCount);
            byte[] copy = new byte[state.ByteLength];
            Assert.Equal(copy.Length, state.CopyTo(_slab, copy));
            Assert.Equal(Convert.ToHexString(ReferenceEncoders.Xor2(samples.AsSpan(0, i))), Convert.ToHexString(copy));
            state.Append(_slab, samples[i].Time, samples[i].Value, samples[i].Start);
        }

        state.Free(_slab);
        Assert.Equal(0, state.SampleCount);
    }

    [Fact]
    public void A_chunk_without_start_timestamps_takes_no_block_for_them_until_sample_127()
    {
        Xor2ChunkState state = default;
        state.Start(_slab, 0, 1, 0);
        for (int i = 1; i < 127; i++)
            state.Append(_slab, i, 1, 0);
        int blocks = _slab.BlocksInUse;
        state.Append(_slab, 127, 1, 0);
        Assert.Equal(blocks + 1, _slab.BlocksInUse);
        state.Free(_slab);
    }

    [Fact]
    public void A_chunk_is_full_before_the_largest_usual_sample_could_pass_a_kibibyte()
    {
        var random = new Random(4);
        Xor2ChunkState state = default;
        state.Start(_slab, 0, 0, 0);
        long time = 0;
        while (!state.IsFull)
        {
            time = unchecked(time + random.NextInt64());
            state.Append(_slab, time, BitConverter.Int64BitsToDouble(random.NextInt64()), 0);
            Assert.InRange(state.ByteLength, 0, 1024);
        }

        Assert.InRange(state.ByteLength, 1006, 1024);
        state.Free(_slab);
    }

    [Fact]
    public void Appending_allocates_nothing_on_the_managed_heap()
    {
        Xor2ChunkState state = default;
        state.Start(_slab, 0, 0, 1);
        state.Append(_slab, 1, 1, 2);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 2; i < 200; i++)
            state.Append(_slab, 1000 * i, i, 500 * i);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        state.Free(_slab);
    }

    private static (long Time, long Start, double Value) Sample(int i)
    {
        long start = i switch { < 40 => 0, < 150 => 7_000, _ => 15_000 * (i / 50) };
        double value = i % 11 == 5 ? StaleMarker.Value : i % 3 * 1.5;
        return (15_000 * i + (i % 7 == 0 ? 3 : 0) + (i % 90 == 89 ? 1 << 22 : 0), start, value);
    }

    private byte[] Encode(ReadOnlySpan<(long Time, long Start, double Value)> samples)
    {
        Xor2ChunkState state = default;
        state.Start(_slab, samples[0].Time, samples[0].Value, samples[0].Start);
        foreach ((long time, long start, double value) in samples[1..])
            state.Append(_slab, time, value, start);
        byte[] chunk = new byte[state.ByteLength];
        state.CopyTo(_slab, chunk);
        state.Free(_slab);
        return chunk;
    }
}
