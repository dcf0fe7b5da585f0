using System.Runtime.InteropServices;
using Forethought.Model;
using Forethought.Tsdb.Memory;

namespace Forethought.Tsdb.Chunks;

/// <summary>
/// Makes chunks of samples that come in order of time: a chunk ends when it has as many samples as the rules allow, when the kind of
/// sample or the encoding changes, and when a histogram does not fit (<see cref="HistogramChunkAppender{TNumbers}"/>). For samples
/// out of chunks that overlap or are partly deleted. Reused for series after series; not thread-safe.
/// </summary>
internal sealed class ChunkEncoder : IDisposable
{
    // Half of what the state of a float chunk can count; samples are at most 28 bytes long.
    private const int MaxFloatBytes = 256 << 10;

    private readonly BlockSlab _blocks;
    private readonly BufferTable _buffers;
    private readonly HistogramChunkAppender<IntegerHistogramNumbers> _integers;
    private readonly HistogramChunkAppender<FloatHistogramNumbers> _floats;
    private readonly HistogramSample _sample = new();
    private readonly List<EncodedChunk> _finished = [];
    private byte[] _bytes = new byte[1024];
    private int _byteCount;
    private ChunkEncoderRules _rules = ChunkEncoderRules.Merging(ChunkEncoding.Xor);

    // The open chunk, which _encoding says the kind of; None while there is none.
    private ChunkEncoding _encoding;
    private XorChunkState _xor;
    private Xor2ChunkState _xor2;
    private HistogramChunkState _histograms;
    private long _minTimeMs;
    private long _maxTimeMs;
    private int _samples;

    /// <summary>Makes an encoder without chunks.</summary>
    /// <param name="allocator">Where the open chunk lives.</param>
    public ChunkEncoder(NativeAllocator allocator)
    {
        _blocks = new BlockSlab(allocator, MemoryPurpose.OpenChunks);
        _buffers = new BufferTable(allocator, MemoryPurpose.OpenHistograms);
        _integers = new HistogramChunkAppender<IntegerHistogramNumbers>(_buffers);
        _floats = new HistogramChunkAppender<FloatHistogramNumbers>(_buffers);
    }

    /// <summary>The chunks that are finished, valid until the next change.</summary>
    public ReadOnlySpan<EncodedChunk> Finished => CollectionsMarshal.AsSpan(_finished);

    /// <summary>A finished chunk from its sample count on, valid until the next change.</summary>
    public ReadOnlySpan<byte> BytesOf(EncodedChunk chunk) => _bytes.AsSpan(chunk.Offset, chunk.Length);

    /// <summary>Forgets all chunks and begins anew.</summary>
    public void Start(ChunkEncoderRules rules)
    {
        FreeOpen();
        _finished.Clear();
        _byteCount = 0;
        _rules = rules;
    }

    /// <summary>Adds a sample of a chunk.</summary>
    public void Append(ChunkRows rows, int row)
    {
        if (rows.IsFloats)
        {
            AppendFloat(rows.TimesMs[row], rows.Value(row), rows.StartMs(row));
            return;
        }

        rows.LoadHistogram(row, _sample);
        if (rows.Encoding is ChunkEncoding.Histogram or ChunkEncoding.HistogramWithStartTimes)
            Append(_integers, rows.TimesMs[row]);
        else
            Append(_floats, rows.TimesMs[row]);
    }

    /// <summary>Adds a sample of a batch, in which all histograms have float counts.</summary>
    public void Append(SampleBatch batch, int row)
    {
        long startMs = batch.StartTimesMs?[row] ?? 0;
        if (batch.Histograms?[row] is { } histogram)
            AppendHistogram(batch.TimesMs[row], histogram, startMs);
        else
            AppendFloat(batch.TimesMs[row], batch.Values[row], startMs);
    }

    /// <summary>Adds a float or a stale marker.</summary>
    /// <param name="timeMs">Its time, later than that of the sample before.</param>
    /// <param name="value">Its value.</param>
    /// <param name="startMs">Its start timestamp in milliseconds, 0 for none.</param>
    public void AppendFloat(long timeMs, double value, long startMs)
    {
        if (_encoding == ChunkEncoding.Xor2 && !IsFull(_xor2.ByteLength))
        {
            _xor2.Append(_blocks, timeMs, value, startMs);
            NoteAppended(timeMs);
        }
        else if (_encoding == ChunkEncoding.Xor && startMs == 0 && !IsFull(_xor.ByteLength))
        {
            _xor.Append(_blocks, timeMs, value);
            NoteAppended(timeMs);
        }
        else
        {
            StartFloats(timeMs, value, startMs);
        }
    }

    /// <summary>Adds a histogram with integer counts.</summary>
    /// <param name="timeMs">Its time, later than that of the sample before.</param>
    /// <param name="histogram">The histogram, which is copied.</param>
    /// <param name="startMs">Its start timestamp in milliseconds, 0 for none.</param>
    public void AppendHistogram(long timeMs, Histogram histogram, long startMs)
    {
        _sample.Load(histogram);
        _sample.StartTimeMs = startMs;
        Append(_integers, timeMs);
    }

    /// <summary>Adds a histogram with float counts.</summary>
    /// <param name="timeMs">Its time, later than that of the sample before.</param>
    /// <param name="histogram">The histogram, which is copied.</param>
    /// <param name="startMs">Its start timestamp in milliseconds, 0 for none.</param>
    public void AppendHistogram(long timeMs, FloatHistogram histogram, long startMs)
    {
        _sample.Load(histogram);
        _sample.StartTimeMs = startMs;
        Append(_floats, timeMs);
    }

    /// <summary>Finishes the open chunk, if there is one.</summary>
    public void Complete()
    {
        if (_encoding == ChunkEncoding.None)
            return;
        CopyOpen();
        FreeOpen();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        FreeOpen();
        _blocks.Dispose();
        _buffers.Dispose();
    }

    private bool IsFull(int floatBytes) => _samples >= _rules.MaxSamples || floatBytes > MaxFloatBytes;

    private void StartFloats(long timeMs, double value, long startMs)
    {
        Complete();
        if (startMs != 0 || _rules.Floats == ChunkEncoding.Xor2)
        {
            _xor2.Start(_blocks, timeMs, value, startMs);
            NoteStarted(timeMs, ChunkEncoding.Xor2);
            return;
        }

        _xor.Start(_blocks, timeMs, value);
        NoteStarted(timeMs, ChunkEncoding.Xor);
    }

    private void Append<TNumbers>(HistogramChunkAppender<TNumbers> appender, long timeMs)
        where TNumbers : struct, IHistogramNumbers
    {
        bool writesStart = _rules.WritesHistogramStartTimes || _sample.StartTimeMs != 0;
        ChunkEncoding wanted = writesStart ? TNumbers.EncodingWithStartTimes : TNumbers.Encoding;
        if (_encoding != wanted || _samples >= _rules.MaxSamples)
        {
            Complete();
            appender.Start(ref _histograms, timeMs, _sample, writesStart);
            NoteStarted(timeMs, wanted);
        }
        else if (appender.Append(ref _histograms, timeMs, _sample) == HistogramAppendOutcome.NeedsNewChunk)
        {
            CopyOpen();
            appender.StartNext(ref _histograms, timeMs, _sample, isFull: false);
            NoteStarted(timeMs, wanted);
        }
        else
        {
            NoteAppended(timeMs);
        }
    }

    private void NoteStarted(long timeMs, ChunkEncoding encoding)
    {
        _encoding = encoding;
        _minTimeMs = timeMs;
        _maxTimeMs = timeMs;
        _samples = 1;
    }

    private void NoteAppended(long timeMs)
    {
        _maxTimeMs = timeMs;
        _samples++;
    }

    private void CopyOpen()
    {
        int length = _encoding switch
        {
            ChunkEncoding.Xor => _xor.ByteLength,
            ChunkEncoding.Xor2 => _xor2.ByteLength,
            _ => _histograms.ByteLength(_buffers),
        };
        if (_bytes.Length - _byteCount < length)
            Array.Resize(ref _bytes, Math.Max(_byteCount + length, 2 * _bytes.Length));
        Span<byte> destination = _bytes.AsSpan(_byteCount);
        _ = _encoding switch
        {
            ChunkEncoding.Xor => _xor.CopyTo(_blocks, destination),
            ChunkEncoding.Xor2 => _xor2.CopyTo(_blocks, destination),
            _ => _histograms.CopyTo(_buffers, destination),
        };
        _finished.Add(new EncodedChunk(_minTimeMs, _maxTimeMs, _encoding, _samples, _byteCount, length));
        _byteCount += length;
    }

    private void FreeOpen()
    {
        _encoding = ChunkEncoding.None;
        _xor.Free(_blocks);
        _xor2.Free(_blocks);
        _histograms.Free(_buffers);
    }
}
