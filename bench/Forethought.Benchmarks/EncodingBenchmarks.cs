using BenchmarkDotNet.Attributes;
using Forethought.Encoding;

namespace Forethought.Benchmarks;

/// <summary>What the leaf codecs cost: a commit's worth of samples compressed, numbers as text.</summary>
[BenchmarkCategory(AllocationGate.Category)]
public class EncodingBenchmarks
{
    private const int Numbers = 1_000;

    private readonly byte[] _record = new byte[11 * Numbers];
    private readonly byte[] _text = new byte[GoNumber.MaxFixedLength];
    private readonly double[] _integers = new double[Numbers];
    private readonly double[] _decimals = new double[Numbers];
    private readonly double[] _long = new double[Numbers];
    private byte[] _compressed = [];
    private int _compressedLength;

    [GlobalSetup]
    public void Setup()
    {
        var random = new Random(1);
        for (int i = 0; i < Numbers; i++)
        {
            _integers[i] = random.Next(1_000_000);
            _decimals[i] = Math.Round(random.NextDouble() * 1_000, 2);
            _long[i] = random.NextDouble() * 1_000;
            // A sample record: two small deltas and eight bytes of a counter's value.
            _record[11 * i] = 2;
            BitConverter.TryWriteBytes(_record.AsSpan((11 * i) + 3), _integers[i]);
        }

        _compressed = new byte[Snappy.MaxCompressedLength(_record.Length)];
        _compressedLength = Snappy.Compress(_record, _compressed);
    }

    [Benchmark(OperationsPerInvoke = Numbers)]
    public int CompressSample() => Snappy.Compress(_record, _compressed);

    [Benchmark(OperationsPerInvoke = Numbers)]
    public int DecompressSample()
    {
        Snappy.Decompress(_compressed.AsSpan(0, _compressedLength), _record, out int written);
        return written;
    }

    [Benchmark(OperationsPerInvoke = Numbers)]
    public int FormatInteger() => Format(_integers);

    [Benchmark(OperationsPerInvoke = Numbers)]
    public int FormatTwoDecimals() => Format(_decimals);

    [Benchmark(OperationsPerInvoke = Numbers)]
    public int FormatSeventeenDigits() => Format(_long);

    private int Format(double[] values)
    {
        int length = 0;
        foreach (double value in values)
            length += GoNumber.FormatSampleValue(value, _text);
        return length;
    }
}
