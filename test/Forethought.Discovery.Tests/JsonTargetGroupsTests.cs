using Forethought.Configuration;
using Forethought.Testing;

namespace Forethought.Discovery.Tests;

/// <summary>Expected values: upstream's <c>targetgroup_test.go</c> and the rules of Go's <c>encoding/json</c>.</summary>
public sealed class JsonTargetGroupsTests
{
    [Theory]
    [InlineData("null", "")]
    [InlineData("[]", "")]
    [InlineData("[{}]", "[] {}")]
    [InlineData("[{\"labels\": {},\"targets\": []}]", "[] {}")]
    [InlineData("[{\"labels\": {\"my\":\"label\"},\"targets\": [\"localhost:9090\",\"localhost:9091\"]}]", "[localhost:9090 localhost:9091] {my=label}")]
    [InlineData("[{\"Targets\":[\"a\"],\"LABELS\":null},{\"targets\":null}]", "[a] {} [] {}")]
    [InlineData("[{\"targets\":[null,\"\"],\"labels\":{\"a\":null}}]", "[ ] {a=}")]
    [InlineData("[{\"targets\":[\"a\"],\"targets\":[\"b\"],\"labels\":{\"x\":\"1\",\"x\":\"2\"}}]", "[b] {x=2}")]
    [InlineData(" [ { \"targets\" : [ \"\\u00e9\" ] } ] ", "[é] {}")]
    public void Reads_groups(string json, string groups) => Assert.Equal(groups, Read(json));

    [Theory]
    [InlineData("{}", "json: cannot unmarshal object into Go value of type []*targetgroup.Group")]
    [InlineData("1", "json: cannot unmarshal number into Go value of type []*targetgroup.Group")]
    [InlineData("true", "json: cannot unmarshal bool into Go value of type []*targetgroup.Group")]
    [InlineData("[\"a\"]", "json: cannot unmarshal string into Go value of type targetgroup.Group")]
    [InlineData("[[]]", "json: cannot unmarshal array into Go value of type targetgroup.Group")]
    [InlineData("[null]", "nil target group item found")]
    [InlineData("[{\"foo\":1}]", "json: unknown field \"foo\"")]
    [InlineData("[{\"targets\":{}}]", "json: cannot unmarshal object into Go value of type []string")]
    [InlineData("[{\"targets\":[1]}]", "json: cannot unmarshal number into Go value of type string")]
    [InlineData("[{\"labels\":[]}]", "json: cannot unmarshal array into Go value of type model.LabelSet")]
    [InlineData("[{\"labels\":{\"a\":{}}}]", "json: cannot unmarshal object into Go value of type string")]
    [InlineData("[{\"labels\":{\"\":\"x\"}}]", "\"\" is not a valid label name")]
    public void Refuses_what_is_no_list_of_groups(string json, string error) =>
        Assert.Equal(error, Assert.Throws<FormatException>(() => Read(json)).Message);

    [Fact]
    public void Refuses_text_that_is_cut_or_too_deep()
    {
        byte[] whole = "[{\"targets\":[\"a:1\",\"b\"],\"labels\":{\"k\":\"v\"}}]"u8.ToArray();
        for (int length = 0; length < whole.Length; length++)
        {
            Assert.Throws<FormatException>(() => JsonTargetGroups.Parse(whole.AsMemory(0, length)));
        }

        Assert.Throws<FormatException>(() => Read(new string('[', 1_000_000)));
        Assert.Throws<FormatException>(() => Read("[] []"));
    }

    [Fact]
    public void Bytes_that_are_no_utf8_become_replacement_characters()
    {
        byte[] json = [.. "[{\"targets\":[\"a"u8, 0xFF, .. "b\"],\"labels\":{\"k"u8, 0xC3, .. "\":\"v\"}}]"u8];
        StaticTargetGroup group = Assert.Single(JsonTargetGroups.Parse(json));
        Assert.Equal(["a\uFFFDb"], group.Targets);
        Assert.Equal(["k\uFFFD"], group.Labels.Keys);
        Assert.Throws<FormatException>(() => Read("[{\"targets\":[\"\\ud800\"]}]"));
        Assert.Throws<FormatException>(() => Read("[{\"\\ud800\":[]}]"));
    }

    [Fact]
    public void Mutated_text_is_read_or_refused()
    {
        byte[] whole = "[{\"targets\":[\"a:1\",\"b\"],\"labels\":{\"k\":\"v\"}}]"u8.ToArray();
        byte[] spice = "[]{}\",:nt0\\"u8.ToArray();
        var random = Fuzz.Random(20261122);
        int read = 0;
        for (int round = 0; round < Fuzz.Rounds(10_000); round++)
        {
            byte[] mutated = (byte[])whole.Clone();
            for (int change = random.Next(1, 3); change > 0; change--)
            {
                mutated[random.Next(mutated.Length)] = random.Next(3) == 0 ? (byte)random.Next(256) : spice[random.Next(spice.Length)];
            }

            try
            {
                JsonTargetGroups.Parse(mutated);
                read++;
            }
            catch (FormatException)
            {
                // As it should be.
            }
        }

        Assert.True(read > 0);
    }

    private static string Read(string json) => string.Join(' ', JsonTargetGroups.Parse(System.Text.Encoding.UTF8.GetBytes(json)).Select(static group =>
        $"[{string.Join(' ', group.Targets)}] {{{string.Join(',', group.Labels.Select(static label => $"{label.Key}={label.Value}"))}}}"));
}
