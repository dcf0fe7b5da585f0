using System.Numerics;
using Forethought.Encoding;
using Forethought.Model;

namespace Forethought.Tsdb.Chunks;

/// <summary>
/// Decodes chunks of floats in upstream's XOR2 encoding: the number of samples, the header of <see cref="StartTimeReader"/>, then
/// bits. The first sample is a varint time and 64 bits of value, the second a uvarint delta and a value; the others begin with a
/// prefix for time and value together: <c>0</c> neither changes, <c>10</c> only the value, <c>110</c>, <c>1110</c> and <c>11110</c>
/// a change of the delta in 13, 20 and 64 bits and then a value, <c>11111</c> a stale marker at the expected time. Stale markers do
/// not become what the next value is compared with. Format: upstream's <c>tsdb/docs/format/chunks.md</c>. Thread-safe.
/// </summary>
internal static class Xor2ChunkDecoder
{
    private const int HeaderBytes = ChunkHeader.SampleCountBytes + StartTimeReader.HeaderBytes;

    /// <summary>
    /// Appends the samples with <paramref name="minTimeMs"/> ≤ t ≤ <paramref name="maxTimeMs"/> to a batch. Decoding ends at the
    /// first later sample.
    /// </summary>
    /// <exception cref="TsdbCorruptionException">The bytes are no chunk; the batch is as it was.</exception>
    public static void Decode(ReadOnlySpan<byte> chunk, long minTimeMs, long maxTimeMs, SampleBatch batch)
    {
        int samples = ChunkHeader.ReadSampleCount(chunk);

        // The shortest sample has one bit: a count that the bytes cannot hold must not make room for itself.
        if (chunk.Length < HeaderBytes || samples > chunk.Length * 8)
            ChunkHeader.ThrowTruncated(chunk, $"{samples} samples");
        if (samples == 0)
            return;
        batch.Reserve(samples);
        try
        {
            DecodeSamples(chunk, samples, minTimeMs, maxTimeMs, batch);
        }
        catch (InvalidDataException e)
        {
            batch.StartTimesMs?.AsSpan(batch.Count).Clear();
            TsdbCorruptionException.Throw(e.Message, chunk.Length, $"{samples} samples", $"{chunk.Length} bytes");
        }
    }

    private static void DecodeSamples(ReadOnlySpan<byte> chunk, int samples, long minTimeMs, long maxTimeMs, SampleBatch batch)
    {
        var starts = new StartTimeReader(chunk[ChunkHeader.SampleCountBytes]);
        long[]? startTimes = starts.HasAny ? batch.RequireStartTimes() : null;
        var reader = new BitReader(chunk[HeaderBytes..]);
        var sample = new Xor2Sample();
        SampleKind kinds = SampleKind.Float;
        int row = batch.Count;
        for (int i = 0; i < samples; i++)
        {
            long previousTime = sample.TimeMs;
            if (i == 0)
            {
                sample.ReadFirst(ref reader);
                starts.ReadFirst(ref reader, sample.TimeMs);
            }
            else
            {
                sample.ReadNext(ref reader, i == 1);
                starts.ReadNext(ref reader, i, previousTime);
            }

            if (sample.TimeMs > maxTimeMs)
                break;
            if (sample.TimeMs < minTimeMs)
                continue;
            SampleKind kind = sample.Value == StaleMarker.Bits ? SampleKind.Stale : SampleKind.Float;
            batch.TimesMs[row] = sample.TimeMs;
            batch.Values[row] = BitConverter.UInt64BitsToDouble(sample.Value);
            batch.Kinds[row] = kind;
            if (startTimes is not null)
                startTimes[row] = starts.StartMs;
            kinds |= kind;
            row++;
        }

        if (reader.Overrun)
            throw new InvalidDataException("unexpected EOF");
        batch.Count = row;
        batch.AllKinds |= kinds;
    }

    /// <summary>The sample that was read last and what the next one builds on. Reads past the end give zero bits.</summary>
    private struct Xor2Sample
    {
        private long _delta;
        private TrackedValue _baseline;

        public long TimeMs { get; private set; }

        public ulong Value { get; private set; }

        public void ReadFirst(ref BitReader reader)
        {
            if (!reader.TryReadVarint(out long time))
                throw new InvalidDataException("unexpected EOF");
            TimeMs = time;
            Value = reader.ReadUnchecked(64);
            if (Value != StaleMarker.Bits)
                _baseline.Value = Value;
        }

        public void ReadNext(ref BitReader reader, bool isSecond)
        {
            if (isSecond)
            {
                if (!reader.TryReadUvarint(out ulong delta))
                    throw new InvalidDataException("unexpected EOF");
                _delta = (long)delta;
                TimeMs += _delta;
                ReadValue(ref reader);
                return;
            }

            reader.Fill();
            int ones = Math.Min(BitOperations.LeadingZeroCount(~reader.Window), 5);
            reader.Skip(Math.Min(ones + 1, 5));
            if (ones is 2 or 3 or 4)
            {
                int width = ones switch { 2 => 13, 3 => 20, _ => 64 };
                // Two's complement: the sign bit is moved to the top and back.
                _delta += (long)(reader.ReadUnchecked(width) << (64 - width)) >> (64 - width);
            }

            TimeMs += _delta;
            if (ones == 0)
                Value = _baseline.Value;
            else if (ones == 1)
                ReadChange(ref reader, reader.ReadUnchecked(1) != 0);
            else if (ones == 5)
                Value = StaleMarker.Bits;
            else
                ReadValue(ref reader);
        }

        /// <summary>A value by itself: <c>0</c> the same, <c>10</c> in the window, <c>110</c> in a new window, <c>111</c> stale.</summary>
        private void ReadValue(ref BitReader reader)
        {
            if (reader.ReadUnchecked(1) == 0)
                Value = _baseline.Value;
            else if (reader.ReadUnchecked(1) == 0)
                ReadChange(ref reader, isNewWindow: false);
            else if (reader.ReadUnchecked(1) == 0)
                ReadChange(ref reader, isNewWindow: true);
            else
                Value = StaleMarker.Bits;
        }

        private void ReadChange(ref BitReader reader, bool isNewWindow)
        {
            if (isNewWindow)
                _baseline.Trend = XorWindow.ReadWindow(ref reader);
            XorWindow.ReadChange(ref reader, ref _baseline);
            Value = _baseline.Value;
        }
    }
}
