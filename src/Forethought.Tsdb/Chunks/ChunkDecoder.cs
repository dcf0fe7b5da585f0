using Forethought.Model;

namespace Forethought.Tsdb.Chunks;

/// <summary>Decodes chunks of any encoding. Thread-safe.</summary>
internal static class ChunkDecoder
{
    /// <summary>
    /// Appends the samples with <paramref name="minTimeMs"/> ≤ t ≤ <paramref name="maxTimeMs"/> to a batch.
    /// </summary>
    /// <param name="encoding">The chunk's encoding.</param>
    /// <param name="chunk">The chunk from its sample count on, without encoding byte and checksum.</param>
    /// <param name="minTimeMs">The first time wanted.</param>
    /// <param name="maxTimeMs">The last time wanted, inclusive.</param>
    /// <param name="batch">Where the samples go, behind those it has.</param>
    /// <exception cref="TsdbCorruptionException">The bytes are no chunk of that encoding; the batch is as it was.</exception>
    public static void Decode(ChunkEncoding encoding, ReadOnlySpan<byte> chunk, long minTimeMs, long maxTimeMs, SampleBatch batch)
    {
        switch (encoding)
        {
            case ChunkEncoding.Xor:
                XorChunkDecoder.Decode(chunk, minTimeMs, maxTimeMs, batch);
                break;
            case ChunkEncoding.Xor2:
                Xor2ChunkDecoder.Decode(chunk, minTimeMs, maxTimeMs, batch);
                break;
            case ChunkEncoding.Histogram or ChunkEncoding.HistogramWithStartTimes:
                bool hasStartTimes = encoding == ChunkEncoding.HistogramWithStartTimes;
                HistogramChunkDecoder<IntegerHistogramNumbers>.Decode(chunk, hasStartTimes, minTimeMs, maxTimeMs, batch);
                break;
            case ChunkEncoding.FloatHistogram or ChunkEncoding.FloatHistogramWithStartTimes:
                hasStartTimes = encoding == ChunkEncoding.FloatHistogramWithStartTimes;
                HistogramChunkDecoder<FloatHistogramNumbers>.Decode(chunk, hasStartTimes, minTimeMs, maxTimeMs, batch);
                break;
            default:
                TsdbCorruptionException.Throw($"invalid chunk encoding \"{NameOf(encoding)}\"", 0, "a known encoding", $"{(byte)encoding}");
                break;
        }
    }

    /// <summary>An encoding's name as upstream prints it.</summary>
    public static string NameOf(ChunkEncoding encoding) => encoding switch
    {
        ChunkEncoding.None => "none",
        ChunkEncoding.Xor => "XOR",
        ChunkEncoding.Histogram => "histogram",
        ChunkEncoding.FloatHistogram => "floathistogram",
        ChunkEncoding.Xor2 => "XOR2",
        ChunkEncoding.HistogramWithStartTimes => "histogramST",
        ChunkEncoding.FloatHistogramWithStartTimes => "floathistogramST",
        _ => "<unknown>",
    };
}
