using Forethought.Model;
using Forethought.Tsdb.Chunks;
using Forethought.Tsdb.Compaction;
using Forethought.Tsdb.Memory;

namespace Forethought.Benchmarks.Blocks;

/// <summary>
/// Counters to be written into a block: each series has a label of its own, an instance for every thousand, and chunks of 120 samples 15 s
/// apart. Nothing but a few patterns of chunks is held in memory.
/// </summary>
internal sealed class GeneratedSeries : IChunkSeriesSource
{
    public const int ChunkSamples = 120;
    public const long IntervalMs = 15_000;
    public const long ChunkMs = ChunkSamples * IntervalMs;

    private const int Patterns = 16;
    private const int SeriesPerInstance = 1000;
    private const string Metric = "http_requests_total";

    private static readonly string[] Constants = ["__name__", Metric, "id", "instance", "job", "load"];

    private readonly int _series;
    private readonly byte[][][] _chunks;
    private readonly long _startMs;
    private byte[] _labels = [];
    private int _current = -1;
    private int _next;

    /// <param name="series">How many.</param>
    /// <param name="startMs">The time of the first sample, a multiple of the length of a chunk.</param>
    /// <param name="chunks">Chunks a series.</param>
    public GeneratedSeries(int series, long startMs, int chunks)
    {
        _series = series;
        _startMs = startMs;
        _chunks = [.. Enumerable.Range(0, Patterns).Select(pattern => Encode(pattern, startMs, chunks))];
    }

    /// <inheritdoc/>
    public IEnumerable<ReadOnlyMemory<byte>> Symbols
    {
        get
        {
            // Digits come before letters.
            IEnumerable<string> instances = Enumerable.Range(0, (_series / SeriesPerInstance) + 1).Select(Instance);
            return Enumerable.Range(0, _series).Select(Id).Concat(Constants.Concat(instances).Order(StringComparer.Ordinal))
                .Select(text => new ReadOnlyMemory<byte>(System.Text.Encoding.UTF8.GetBytes(text)));
        }
    }

    /// <inheritdoc/>
    public ReadOnlySpan<byte> PackedLabels => _labels;

    public static string Id(int series) => $"{series:D8}";

    public static string Instance(int number) => $"host-{number:D5}.example.com:9100";

    /// <inheritdoc/>
    public bool MoveNext()
    {
        _next = 0;
        if (++_current >= _series)
            return false;
        _labels = Labels.FromStrings(
            "__name__", Metric, "id", Id(_current), "instance", Instance(_current / SeriesPerInstance), "job", "load").Packed.ToArray();
        return true;
    }

    /// <inheritdoc/>
    public bool NextChunk(out SourceChunk chunk)
    {
        byte[][] chunks = _chunks[_current % Patterns];
        if (_next == chunks.Length)
        {
            chunk = default;
            return false;
        }

        long from = _startMs + (_next * ChunkMs);
        chunk = new SourceChunk(from, from + ChunkMs - IntervalMs, ChunkEncoding.Xor, chunks[_next++]);
        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private static byte[][] Encode(int pattern, long startMs, int chunks)
    {
        using var encoder = new ChunkEncoder(new NativeAllocator());
        var random = new Random(pattern);
        encoder.Start(ChunkEncoderRules.Merging(ChunkEncoding.Xor));
        double value = startMs / IntervalMs * (pattern + 1.0);
        for (int i = 0; i < chunks * ChunkSamples; i++)
            encoder.AppendFloat(startMs + (i * IntervalMs), value += random.Next(4 * pattern), startMs: 0);
        encoder.Complete();
        var encoded = new List<byte[]>();
        foreach (EncodedChunk chunk in encoder.Finished)
            encoded.Add(encoder.BytesOf(chunk).ToArray());
        return [.. encoded];
    }
}
