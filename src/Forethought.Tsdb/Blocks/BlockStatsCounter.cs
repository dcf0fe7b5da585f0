using Forethought.Tsdb.Chunks;
using Forethought.Tsdb.Compaction;

namespace Forethought.Tsdb.Blocks;

/// <summary>Counts what goes into a new block. For one thread.</summary>
internal sealed class BlockStatsCounter
{
    private ulong _floats;
    private ulong _histograms;
    private ulong _chunks;
    private ulong _series;

    public void AddSeries() => _series++;

    /// <exception cref="TsdbCorruptionException">The chunk is of no known encoding or has no sample count.</exception>
    public void AddChunk(in SourceChunk chunk)
    {
        uint samples = (uint)ChunkHeader.ReadSampleCount(chunk.Encoding, chunk.Bytes);
        switch (chunk.Encoding)
        {
            case ChunkEncoding.Xor or ChunkEncoding.Xor2:
                _floats += samples;
                break;
            case ChunkEncoding.Histogram or ChunkEncoding.FloatHistogram
                or ChunkEncoding.HistogramWithStartTimes or ChunkEncoding.FloatHistogramWithStartTimes:
                _histograms += samples;
                break;
            default:
                TsdbCorruptionException.Throw(
                    $"invalid chunk encoding \"{ChunkDecoder.NameOf(chunk.Encoding)}\"", 0, "a known encoding", $"{(byte)chunk.Encoding}");
                break;
        }

        _chunks++;
    }

    public BlockStats ToStats() => new()
    {
        Samples = _floats + _histograms,
        FloatSamples = _floats,
        HistogramSamples = _histograms,
        Series = _series,
        Chunks = _chunks,
    };
}
