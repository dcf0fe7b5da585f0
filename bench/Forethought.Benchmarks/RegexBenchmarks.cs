using BenchmarkDotNet.Attributes;
using Forethought.Regex;

namespace Forethought.Benchmarks;

/// <summary>What a pattern costs a label value of 21 bytes, by the way it is decided.</summary>
[BenchmarkCategory(AllocationGate.Category)]
public class RegexBenchmarks
{
    private readonly byte[] _value = "/api/v1/orders/s/1027"u8.ToArray();
    private LabelRegex _regex = null!;

    [Params("/api/v1/.*", ".*(orders|carts|customers).*", "/api/v[12]/(orders|events)/.*7")]
    public string Pattern { get; set; } = "";

    [GlobalSetup]
    public void Setup() => _regex = new LabelRegex(Pattern);

    [Benchmark]
    public bool Match() => _regex.IsMatch(_value);
}
