using System.Text;
using System.Text.Json;
using Forethought.Testing;

namespace Forethought.Encoding.Tests;

public sealed class XxHash64Tests
{
    // Vectors that cespare/xxhash, the Go library, publishes in its tests.
    [Theory]
    [InlineData("", 0xef46db3751d8e999)]
    [InlineData("a", 0xd24ec4f1a98c6e5b)]
    [InlineData("as", 0x1c330fb2d66be179)]
    [InlineData("asd", 0x631c37ce72a97393)]
    [InlineData("asdf", 0x415872f599cea71e)]
    [InlineData("Call me Ishmael. Some years ago--never mind how long precisely-", 0x02a2e85470d6fd96)]
    public void Published_vectors(string text, ulong expected) =>
        Assert.Equal(expected, XxHash64.Compute(System.Text.Encoding.ASCII.GetBytes(text)));

    // The sanity check of the reference implementation (xxHash, cli/xsum_sanity_check.c): its generator's bytes, seed 0.
    [Theory]
    [InlineData(0, 0xef46db3751d8e999)]
    [InlineData(1, 0xe934a84adb052768)]
    [InlineData(4, 0x9136a0dca57457ee)]
    [InlineData(14, 0x8282dcc4994e35c8)]
    [InlineData(222, 0xb641ae8cb691c174)]
    public void Reference_sanity_buffer(int length, ulong expected)
    {
        var data = new byte[length];
        ulong generator = 2654435761;
        for (int i = 0; i < length; i++)
        {
            data[i] = (byte)(generator >> 56);
            generator *= 0x9e3779b185ebca8d;
        }

        Assert.Equal(expected, XxHash64.Compute(data));
    }

    [Fact]
    public void Label_sets_hash_as_upstream()
    {
        int rows = 0;
        foreach (string[] row in Conformance.Tsv("golden/labels.tsv"))
        {
            Assert.Equal(row[2], XxHash64.Compute(Pack(Conformance.Unescape(row[0]))).ToString());
            rows++;
        }

        Assert.True(rows > 100);
    }

    private static byte[] Pack(byte[] json)
    {
        var packed = new List<byte>();
        using JsonDocument document = JsonDocument.Parse(json);
        var labels = document.RootElement.EnumerateObject()
            .Select(label => (Name: Utf8(label.Name), Value: Utf8(label.Value.GetString()!)))
            .ToList();
        labels.Sort((a, b) => a.Name.AsSpan().SequenceCompareTo(b.Name));
        foreach ((byte[] name, byte[] value) in labels)
        {
            Append(packed, name);
            Append(packed, value);
        }

        return [.. packed];
    }

    private static byte[] Utf8(string text) => System.Text.Encoding.UTF8.GetBytes(text);

    private static void Append(List<byte> packed, byte[] text)
    {
        if (text.Length < 255)
            packed.Add((byte)text.Length);
        else
            packed.AddRange([255, (byte)text.Length, (byte)(text.Length >> 8), (byte)(text.Length >> 16)]);
        packed.AddRange(text);
    }
}
