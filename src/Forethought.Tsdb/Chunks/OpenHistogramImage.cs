using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Forethought.Encoding;
using Forethought.Model;
using Forethought.Tsdb.Memory;

namespace Forethought.Tsdb.Chunks;

/// <summary>
/// An open chunk while it is being changed: its native state copied out, to be copied back when nothing can fail any more. Reused;
/// not thread-safe.
/// </summary>
/// <typeparam name="TNumbers">Integer or float counts.</typeparam>
internal sealed class OpenHistogramImage<TNumbers>
    where TNumbers : struct, IHistogramNumbers
{
    private OpenHistogramHeader _header;

    // The chunk from byte _firstByte on: all of a new chunk, the last, incomplete byte and what follows of a loaded one.
    private byte[] _bytes = new byte[256];
    private int _firstByte;

    public CounterResetHint ResetHeader => _header.ResetHeader;

    public int Samples => _header.Samples;

    public bool HasStartTimes => _header.HasStartTimes;

    /// <summary>The header of the start timestamps, null if the encoding has none.</summary>
    public byte? StartHeader => HasStartTimes ? _header.Starts.Header : null;

    /// <summary>Schema, zero threshold, spans and custom bounds; the rest of the sample has no meaning.</summary>
    public HistogramSample Layout { get; } = new();

    public HistogramTracking Tracking { get; } = new();

    public bool IsStale => Tracking.Sum.Value == StaleMarker.Bits;

    /// <summary>Begins a chunk without samples.</summary>
    public void Begin(CounterResetHint resetHeader, bool hasStartTimes)
    {
        _header = default;
        _header.ResetHeader = resetHeader;
        _header.HasStartTimes = hasStartTimes;
        _header.BitLength = HistogramChunkHeader.Bytes * 8;
        _firstByte = 0;
    }

    /// <summary>Copies an open chunk's state.</summary>
    public void Load(BufferTable buffers, HistogramChunkState chunk)
    {
        ReadOnlySpan<byte> buffer = buffers.Get(chunk.Buffer);
        _header = Take<OpenHistogramHeader>(ref buffer, 1)[0];
        Layout.Schema = _header.Schema;
        Layout.ZeroThreshold = _header.ZeroThreshold;
        Layout.Positive.SetSpans(Take<HistogramSpan>(ref buffer, _header.PositiveSpans));
        Layout.Negative.SetSpans(Take<HistogramSpan>(ref buffer, _header.NegativeSpans));
        Layout.SetCustomValues(Take<double>(ref buffer, _header.CustomValues));
        Tracking.TimeMs = _header.TimeMs;
        Tracking.TimeDelta = _header.TimeDelta;
        Tracking.Count = _header.Count;
        Tracking.ZeroCount = _header.ZeroCount;
        Tracking.Sum = _header.Sum;
        Tracking.SetBucketCounts(_header.PositiveBuckets, _header.NegativeBuckets);
        Take<TrackedValue>(ref buffer, Tracking.Buckets.Length).CopyTo(Tracking.Buckets);
        _firstByte = _header.BitLength >> 3;
        if ((_header.BitLength & 7) != 0)
            _bytes[0] = buffer[_firstByte];
    }

    /// <summary>Adds a sample; the first one gives the chunk its layout.</summary>
    public void Append(long timeMs, HistogramSample sample)
    {
        bool isFirst = _header.Samples == 0;
        long previousTime = Tracking.TimeMs;
        int bits = _header.BitLength - 8 * _firstByte;
        int needed = (bits >> 3) + MaxBytes(sample, isFirst);
        if (_bytes.Length < needed)
            Array.Resize(ref _bytes, Math.Max(needed, 2 * _bytes.Length));
        var writer = new BitWriter(_bytes, bits);
        if (isFirst)
        {
            HistogramCodec<TNumbers>.WriteFirst(ref writer, timeMs, sample, Tracking);
            CopyLayout(sample);
        }
        else
        {
            HistogramCodec<TNumbers>.WriteNext(ref writer, timeMs, sample, Tracking);
        }

        if (HasStartTimes)
            WriteStart(ref writer, previousTime, timeMs, sample.StartTimeMs);

        writer.Flush();
        _header.BitLength = 8 * _firstByte + writer.BitLength;
        _header.Samples++;
    }

    /// <summary>Writes a loaded chunk back after samples were added.</summary>
    /// <exception cref="NativeMemoryException">There is no memory; the chunk is as it was.</exception>
    public void StoreAppended(BufferTable buffers, HistogramChunkState chunk)
    {
        CompleteHeader();
        int chunkOffset = HistogramChunkState.ChunkOffset(_header);
        buffers.EnsureCapacity(chunk.Buffer, chunkOffset + _header.ByteLength);
        Span<byte> buffer = buffers.Get(chunk.Buffer);
        MemoryMarshal.Write(buffer, _header);
        ReadOnlySpan<byte> tracked = MemoryMarshal.AsBytes(Tracking.Buckets);
        tracked.CopyTo(buffer[(chunkOffset - tracked.Length)..]);
        Span<byte> bytes = buffer[chunkOffset..];
        _bytes.AsSpan(0, _header.ByteLength - _firstByte).CopyTo(bytes[_firstByte..]);
        HistogramChunkHeader.Write(bytes, _header.Samples, ResetHeader, StartHeader);
    }

    /// <summary>Puts a chunk that was begun here into a buffer of its own.</summary>
    /// <exception cref="NativeMemoryException">There is no memory.</exception>
    public HistogramChunkState Store(BufferTable buffers)
    {
        CompleteHeader();
        HistogramChunkHeader.Write(_bytes, _header.Samples, ResetHeader, StartHeader);
        var chunk = new HistogramChunkState(buffers.Allocate(HistogramChunkState.ChunkOffset(_header) + _header.ByteLength));
        Span<byte> rest = buffers.Get(chunk.Buffer);
        MemoryMarshal.Write(rest, _header);
        rest = rest[Unsafe.SizeOf<OpenHistogramHeader>()..];
        Put(ref rest, Layout.Positive.Spans);
        Put(ref rest, Layout.Negative.Spans);
        Put(ref rest, Layout.CustomValues);
        Put<TrackedValue>(ref rest, Tracking.Buckets);
        Put<byte>(ref rest, _bytes.AsSpan(0, _header.ByteLength));
        return chunk;
    }

    private static ReadOnlySpan<T> Take<T>(ref ReadOnlySpan<byte> rest, int count)
        where T : struct
    {
        int bytes = count * Unsafe.SizeOf<T>();
        ReadOnlySpan<T> taken = MemoryMarshal.Cast<byte, T>(rest[..bytes]);
        rest = rest[bytes..];
        return taken;
    }

    private static void Put<T>(ref Span<byte> rest, ReadOnlySpan<T> items)
        where T : struct
    {
        ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(items);
        bytes.CopyTo(rest);
        rest = rest[bytes.Length..];
    }

    /// <summary>No sample needs more: 77 bits a number, 144 a span and 89 a bound, the fixed fields, and a word for the writer.</summary>
    private static int MaxBytes(HistogramSample sample, bool isFirst)
    {
        int buckets = sample.Positive.Values.Length + sample.Negative.Values.Length;
        int layout = isFirst ? 18 * (sample.Positive.Spans.Length + sample.Negative.Spans.Length) + 12 * sample.CustomValues.Length : 0;
        return 10 * buckets + layout + 128;
    }

    private void WriteStart(ref BitWriter writer, long previousTimeMs, long timeMs, long startMs)
    {
        if (_header.Samples == 0)
        {
            if (_header.Starts.First(timeMs, startMs, out long distance))
                writer.WriteVarint(distance);
        }
        else if (_header.Starts.Next(_header.Samples, previousTimeMs, startMs, out long change))
        {
            VarbitInt.Write(ref writer, change);
        }
    }

    private void CopyLayout(HistogramSample sample)
    {
        Layout.Schema = sample.Schema;
        Layout.ZeroThreshold = sample.ZeroThreshold;
        Layout.Positive.SetSpans(sample.Positive.Spans);
        Layout.Negative.SetSpans(sample.Negative.Spans);
        Layout.SetCustomValues(sample.CustomValues);
    }

    private void CompleteHeader()
    {
        _header.TimeMs = Tracking.TimeMs;
        _header.TimeDelta = Tracking.TimeDelta;
        _header.Count = Tracking.Count;
        _header.ZeroCount = Tracking.ZeroCount;
        _header.Sum = Tracking.Sum;
        _header.Schema = Layout.Schema;
        _header.ZeroThreshold = Layout.ZeroThreshold;
        _header.PositiveSpans = Layout.Positive.Spans.Length;
        _header.NegativeSpans = Layout.Negative.Spans.Length;
        _header.CustomValues = Layout.CustomValues.Length;
        _header.PositiveBuckets = Tracking.PositiveCount;
        _header.NegativeBuckets = Tracking.NegativeCount;
    }
}
