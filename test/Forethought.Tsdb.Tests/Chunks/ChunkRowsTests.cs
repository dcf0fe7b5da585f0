using System.Text.Json;
using Forethought.Model;
using Forethought.Tsdb.Chunks;
using Forethought.Tsdb.Memory;
using Xunit;

namespace Forethought.Tsdb.Tests.Chunks;

public sealed class ChunkRowsTests : IDisposable
{
    private readonly ChunkEncoder _encoder = new(new NativeAllocator());
    private readonly ChunkRows _rows = new();

    public void Dispose() => _encoder.Dispose();

    [Fact]
    public void Chunks_of_upstream_that_are_decoded_and_encoded_are_the_same_but_for_what_they_knew_of_resets()
    {
        int same = 0;
        foreach ((ChunkEncoding encoding, byte[] chunk) in Golden())
        {
            _rows.Decode(encoding, chunk);
            _encoder.Start(ChunkEncoderRules.Keeping(encoding));
            for (int row = 0; row < _rows.Count; row++)
                _encoder.Append(_rows, row);
            _encoder.Complete();
            Assert.Equal(1, _encoder.Finished.Length);
            byte[] written = _encoder.BytesOf(_encoder.Finished[0]).ToArray();
            Assert.Equal(Convert.ToHexString(ForgetReset(encoding, chunk)), Convert.ToHexString(ForgetReset(encoding, written)));
            same++;
        }

        Assert.Equal(443, same);
    }

    [Fact]
    public void Histograms_have_the_kind_and_hints_that_a_reader_sees()
    {
        foreach ((ChunkEncoding encoding, byte[] chunk) in Golden().Where(chunk => chunk.Encoding is not (ChunkEncoding.Xor or ChunkEncoding.Xor2)))
        {
            var batch = new SampleBatch();
            ChunkDecoder.Decode(encoding, chunk, long.MinValue, long.MaxValue, batch);
            _rows.Decode(encoding, chunk);
            Assert.Equal(batch.TimesMs[..batch.Count], _rows.TimesMs.ToArray());
            var sample = new HistogramSample();
            for (int row = 0; row < batch.Count; row++)
            {
                _rows.LoadHistogram(row, sample);
                Assert.Equal(BitConverter.DoubleToInt64Bits(batch.Values[row]), BitConverter.DoubleToInt64Bits(sample.Sum));
                Assert.Equal(batch.Histograms![row]!.CounterResetHint, sample.CounterResetHint);
                Assert.Equal(batch.StartTimesMs?[row] ?? 0, sample.StartTimeMs);
                if (sample.Schema <= 8)
                    Assert.Equal(batch.Histograms[row]!.PositiveSpans, sample.Positive.Spans.ToArray());
            }
        }
    }

    [Fact]
    public void Cut_or_changed_bytes_decode_or_are_told_to_be_damaged()
    {
        Random random = Testing.Fuzz.Random(52);
        foreach ((ChunkEncoding encoding, byte[] chunk) in Golden().Where(chunk => chunk.Bytes.Length is > 8 and < 150))
        {
            for (int length = 0; length < chunk.Length; length++)
                DecodesOrThrows(encoding, chunk[..length]);
            for (int round = 0; round < Testing.Fuzz.Rounds(20); round++)
            {
                byte[] bytes = [.. chunk];
                bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
                DecodesOrThrows(encoding, bytes);
            }
        }
    }

    [Theory]
    [InlineData(ChunkEncoding.Histogram)]
    [InlineData(ChunkEncoding.FloatHistogramWithStartTimes)]
    public void A_count_that_the_bytes_cannot_hold_is_damage(ChunkEncoding encoding)
    {
        Assert.Throws<TsdbCorruptionException>(() => _rows.Decode(encoding, [0x3f, 0xff, 0, 0]));
        Assert.Throws<TsdbCorruptionException>(() => _rows.Decode(encoding, [0]));
    }

    [Fact]
    public void Bytes_of_no_known_encoding_are_damage() =>
        Assert.Throws<TsdbCorruptionException>(() => _rows.Decode((ChunkEncoding)9, [0, 1, 0]));

    private static IEnumerable<(ChunkEncoding Encoding, byte[] Bytes)> Golden()
    {
        foreach (JsonElement line in GoldenJson.Lines("golden/chunks.jsonl"))
        {
            var encoding = (ChunkEncoding)line.Int64("enc");
            if (line.GetProperty("samples").GetArrayLength() == 0)
                continue;
            if (!line.TryGetProperty("chunks", out JsonElement chunks))
                yield return (encoding, line.Hex("hex"));
            else
            {
                foreach (JsonElement chunk in chunks.EnumerateArray())
                    yield return (encoding, chunk.Hex("hex"));
            }
        }
    }

    private static byte[] ForgetReset(ChunkEncoding encoding, byte[] chunk)
    {
        byte[] bytes = [.. chunk];
        int place = encoding switch
        {
            ChunkEncoding.Histogram or ChunkEncoding.FloatHistogram => 2,
            ChunkEncoding.HistogramWithStartTimes or ChunkEncoding.FloatHistogramWithStartTimes => 0,
            _ => -1,
        };
        if (place >= 0 && HistogramChunkHeader.Decode(bytes[place]) != CounterResetHint.Gauge)
            bytes[place] &= 0x3f;
        return bytes;
    }

    private void DecodesOrThrows(ChunkEncoding encoding, byte[] chunk)
    {
        try
        {
            _rows.Decode(encoding, chunk);
            var sample = new HistogramSample();
            for (int row = 0; row < _rows.Count && !_rows.IsFloats; row++)
                _rows.LoadHistogram(row, sample);
        }
        catch (TsdbCorruptionException)
        {
            Assert.Equal(0, _rows.Count);
        }
    }
}
