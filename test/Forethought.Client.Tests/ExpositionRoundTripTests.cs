using System.Buffers;

namespace Forethought.Client.Tests;

/// <summary>What is written, read back by an independent reader, is what was meant.</summary>
public sealed class ExpositionRoundTripTests
{
    private const string Alphabet = "abZ09_:.\\\"\n ,={}#é花";

    private static readonly double[] SpecialValues =
        [0, -0.0, 1, -1, double.NaN, double.PositiveInfinity, double.NegativeInfinity, double.Epsilon, double.MaxValue, 1e6, 1e21, 0.1];

    private sealed record Sample((string Name, string Value)[] Labels, double Value, long? TimestampMs);

    private sealed record Family(string Name, string? Help, MetricType Type, Sample[] Samples);

    [Theory]
    [InlineData(ExpositionKind.Text)]
    [InlineData(ExpositionKind.OpenMetrics)]
    public void Reads_back_random_families(ExpositionKind kind)
    {
        var random = new Random(11);
        for (int round = 0; round < 400; round++)
        {
            Family[] families = [.. Enumerable.Range(0, 1 + random.Next(4)).Select(_ => RandomFamily(random))];
            string text = Written.By(writer => Write(writer, families), ExpositionFormat.Get(kind, NameEscapingScheme.AllowUtf8));
            AssertSame(families, new ExpositionReader(text).ReadAll(), kind);
        }
    }

    [Theory]
    [InlineData(NameEscapingScheme.Underscores)]
    [InlineData(NameEscapingScheme.Dots)]
    [InlineData(NameEscapingScheme.Values)]
    public void Needs_no_quotes_around_escaped_names(NameEscapingScheme escaping)
    {
        var random = new Random(12);
        for (int round = 0; round < 200; round++)
        {
            Family family = RandomFamily(random);
            string text = Written.Text(writer => Write(writer, [family]), escaping);
            List<ExpositionReader.Line> lines = new ExpositionReader(text).ReadAll();
            Assert.All(lines, line => Assert.True(MetricName.IsLegacy(Written.Utf8(line.Name))));
            Assert.All(lines.SelectMany(line => line.Labels), label => Assert.True(MetricName.IsLegacy(Written.Utf8(label.Name))));
            // Values are not touched by it.
            Assert.Equal(
                family.Samples.SelectMany(sample => sample.Labels).Select(label => label.Value),
                lines.SelectMany(line => line.Labels).Select(label => label.Value));
        }
    }

    [Fact]
    public void Values_escaping_can_be_undone()
    {
        var random = new Random(13);
        for (int round = 0; round < 2000; round++)
        {
            string name = RandomText(random, 1);
            string escaped = System.Text.Encoding.UTF8.GetString(MetricName.Escape(Written.Utf8(name), NameEscapingScheme.Values));
            Assert.Equal(name, UndoValues(escaped));
        }
    }

    [Fact]
    public void Serves_series_that_no_registry_holds()
    {
        // A federated answer: packed labels in UTF-8, every sample with its time, families of unknown type without help.
        byte[] instance = "host:9090"u8.ToArray();
        var output = new ArrayBufferWriter<byte>();
        using var writer = new ExpositionWriter(output, ExpositionNegotiation.Negotiate("text/plain; escaping=allow-utf-8"));
        foreach (string name in (string[])["up", "http.server.duration"])
        {
            writer.BeginFamily(Written.Utf8(name), MetricType.Untyped);
            foreach (double value in (double[])[1, 0.25])
            {
                writer.BeginSample();
                writer.Label("instance"u8, instance);
                writer.Label("job"u8, ""u8);
                writer.EndSample(value, 1_700_000_000_123);
            }

            // Handing over in the middle changes nothing.
            writer.Flush();
        }

        writer.Complete();
        Assert.Equal(
            """
            # TYPE up untyped
            up{instance="host:9090",job=""} 1 1700000000123
            up{instance="host:9090",job=""} 0.25 1700000000123
            # TYPE "http.server.duration" untyped
            {"http.server.duration",instance="host:9090",job=""} 1 1700000000123
            {"http.server.duration",instance="host:9090",job=""} 0.25 1700000000123

            """,
            System.Text.Encoding.UTF8.GetString(output.WrittenSpan));
    }

    private static void Write(ExpositionWriter writer, Family[] families)
    {
        foreach (Family family in families)
        {
            writer.BeginFamily(Written.Utf8(family.Name), family.Type, family.Help);
            foreach (Sample sample in family.Samples)
            {
                writer.BeginSample();
                foreach ((string name, string value) in sample.Labels)
                    writer.Label(Written.Utf8(name), value);
                writer.EndSample(sample.Value, sample.TimestampMs);
            }
        }
    }

    private static void AssertSame(Family[] families, List<ExpositionReader.Line> lines, ExpositionKind kind)
    {
        var unread = new Queue<ExpositionReader.Line>(lines);
        foreach (Family family in families)
        {
            bool isCounter = family.Type == MetricType.Counter && family.Name.EndsWith("_total", StringComparison.Ordinal);
            string described = kind == ExpositionKind.OpenMetrics && isCounter ? family.Name[..^"_total".Length] : family.Name;
            if (family.Help is not null)
            {
                ExpositionReader.Line help = unread.Dequeue();
                Assert.Equal(("HELP", described, family.Help), (help.Keyword, help.Name, help.Text));
            }

            ExpositionReader.Line type = unread.Dequeue();
            Assert.Equal(("TYPE", described), (type.Keyword, type.Name));
            foreach (Sample sample in family.Samples)
            {
                ExpositionReader.Line line = unread.Dequeue();
                Assert.Equal(family.Name, line.Name);
                Assert.Equal(sample.Labels, line.Labels);
                Assert.Equal(sample.Value == 0 ? 0 : sample.Value, line.Value);
                Assert.Equal(kind == ExpositionKind.Text ? sample.TimestampMs : sample.TimestampMs / 1000.0, line.Time);
            }
        }

        if (kind == ExpositionKind.OpenMetrics)
            Assert.Equal("EOF", unread.Dequeue().Keyword);
        Assert.Empty(unread);
    }

    private static Family RandomFamily(Random random) => new(
        RandomText(random, 1) + (random.Next(2) == 0 ? "_total" : ""),
        random.Next(3) == 0 ? null : RandomText(random, 0),
        (MetricType)random.Next(6),
        [.. Enumerable.Range(0, random.Next(5)).Select(_ => RandomSample(random))]);

    private static Sample RandomSample(Random random) => new(
        [.. Enumerable.Range(0, random.Next(4)).Select(_ => (RandomText(random, 1), RandomText(random, 0)))],
        random.Next(2) == 0 ? SpecialValues[random.Next(SpecialValues.Length)] : BitConverter.Int64BitsToDouble(random.NextInt64()),
        random.Next(2) == 0 ? null : random.NextInt64(-1_000_000_000_000, 4_000_000_000_000));

    private static string RandomText(Random random, int minLength) =>
        string.Concat(Enumerable.Range(0, minLength + random.Next(10)).Select(_ => Alphabet[random.Next(Alphabet.Length)]));

    private static string UndoValues(string escaped)
    {
        if (!escaped.StartsWith("U__", StringComparison.Ordinal))
            return escaped;
        var name = new System.Text.StringBuilder();
        for (int i = 3; i < escaped.Length; i++)
        {
            if (escaped[i] != '_')
            {
                name.Append(escaped[i]);
            }
            else if (escaped[i + 1] == '_')
            {
                name.Append('_');
                i++;
            }
            else
            {
                int end = escaped.IndexOf('_', i + 1);
                name.Append(char.ConvertFromUtf32(Convert.ToInt32(escaped[(i + 1)..end], 16)));
                i = end;
            }
        }

        return name.ToString();
    }
}
