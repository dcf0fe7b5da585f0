using Forethought.Model;
using Forethought.Testing;
using Forethought.Tsdb.Chunks;
using Forethought.Tsdb.Memory;

namespace Forethought.Tsdb.Tests.Hostile;

/// <summary>
/// Chunks of every encoding, damaged: read for queries and for being written anew, from memory behind which nothing can be read. What is
/// refused leaves no trace in the batch.
/// </summary>
public sealed class HostileChunkTests : IDisposable
{
    private const int LongestChunk = 64 << 10;

    private readonly GuardedMemory _memory = new(LongestChunk);
    private readonly SampleBatch _batch = new();
    private readonly ChunkRows _rows = new();
    private readonly NativeAllocator _allocator = new();
    private readonly ChunkEncoder _encoder;

    public HostileChunkTests() => _encoder = new ChunkEncoder(_allocator);

    public static TheoryData<byte> Encodings => [1, 2, 3, 4, 5, 6];

    public void Dispose()
    {
        _encoder.Dispose();
        _memory.Dispose();
        Assert.Equal(0, _allocator.TotalBytes);
    }

    [Theory]
    [MemberData(nameof(Encodings))]
    public void Cut_anywhere_they_are_refused_or_read(byte encoding) => Input((ChunkEncoding)encoding).Cut();

    [Theory]
    [MemberData(nameof(Encodings))]
    public void Mutated_they_are_refused_or_read(byte encoding) => Input((ChunkEncoding)encoding).Mutate(200 + encoding, 6000);

    // Each sample that a chunk of histograms may hold in a bit or two is an object of some hundred bytes when it is read.
    private HostileInput Input(ChunkEncoding encoding) => new()
    {
        Seeds = ChunkSeeds.Of(encoding),
        Decode = bytes => Read(encoding, bytes),
        IsDocumented = e => e is TsdbCorruptionException { File: "" },
        AllocatedPerByte = 1024,
    };

    private void Read(ChunkEncoding encoding, byte[] bytes)
    {
        ReadOnlySpan<byte> chunk = _memory.Holding(bytes.AsSpan(0, Math.Min(bytes.Length, LongestChunk)));
        TsdbCorruptionException? refusal = Decode(encoding, chunk, long.MinValue, long.MaxValue);
        bool isInOrder = refusal is null && IsInOrder(_batch.TimesMs.AsSpan(0, _batch.Count));
        Decode(encoding, chunk, 1_700_000_000_000, 1_700_000_100_000);
        for (int row = 1; isInOrder && row < _batch.Count; row++)
            Assert.InRange(_batch.TimesMs[row], 1_700_000_000_000, 1_700_000_100_000);
        try
        {
            _rows.Decode(encoding, chunk);
        }
        catch (TsdbCorruptionException)
        {
            Assert.Equal(0, _rows.Count);
            Assert.True(refusal is not null, "refused to be written anew, but read");
            throw;
        }

        Assert.True(refusal is null, $"taken to be written anew, but not read: {refusal?.Message}");
        Encode(encoding);
    }

    // As compaction does with chunks that overlap others; what comes out can be read.
    private void Encode(ChunkEncoding encoding)
    {
        _encoder.Start(ChunkEncoderRules.Keeping(encoding));
        for (int row = 0; row < _rows.Count; row++)
            _encoder.Append(_rows, row);
        _encoder.Complete();
        int samples = _rows.Count;
        foreach (EncodedChunk chunk in _encoder.Finished)
        {
            _rows.Decode(chunk.Encoding, _encoder.BytesOf(chunk));
            Assert.Equal(chunk.SampleCount, _rows.Count);
            samples -= _rows.Count;
        }

        Assert.Equal(0, samples);
    }

    // Behind a sample that stays; null if the chunk was read.
    private TsdbCorruptionException? Decode(ChunkEncoding encoding, ReadOnlySpan<byte> chunk, long minTimeMs, long maxTimeMs)
    {
        _batch.Clear();
        ChunkDecoder.Decode(ChunkEncoding.Xor, OneSample, long.MinValue, long.MaxValue, _batch);
        try
        {
            ChunkDecoder.Decode(encoding, chunk, minTimeMs, maxTimeMs, _batch);
            Assert.InRange(_batch.Count, 1, 1 + ushort.MaxValue);
            return null;
        }
        catch (TsdbCorruptionException e)
        {
            Assert.Equal((1, SampleKind.Float), (_batch.Count, _batch.AllKinds));
            return e;
        }
    }

    // What a range of times leaves of samples in another order is not specified.
    private static bool IsInOrder(ReadOnlySpan<long> times)
    {
        for (int i = 2; i < times.Length; i++)
        {
            if (times[i] < times[i - 1])
                return false;
        }

        return true;
    }

    // 1.0 at 1000.
    private static byte[] OneSample => Convert.FromHexString("0001D00F3FF0000000000000");
}
