using System.Globalization;

namespace Forethought.Client.Tests;

/// <summary>Families and registries under random use, against dictionaries that do the same.</summary>
public sealed class RandomUseTests
{
    [Fact]
    public void A_family_holds_what_a_dictionary_would()
    {
        var random = new Random(21);
        for (int round = 0; round < 30; round++)
        {
            var registry = new MetricRegistry();
            GaugeFamily family = registry.CreateGaugeFamily("g", "G.", ["b", "a"]);
            Dictionary<(string B, string A), double> model = [];
            for (int step = 0; step < 200; step++)
            {
                (string B, string A) key = (Value(random), Value(random));
                switch (random.Next(12))
                {
                    case < 8:
                        family.WithLabels(key.B, key.A).Add(step);
                        model[key] = model.GetValueOrDefault(key) + step;
                        break;
                    case < 10:
                        Assert.Equal(model.Remove(key), family.Remove(key.B, key.A));
                        break;
                    case 10:
                        Assert.Equal(model.Keys.Count(k => k.A == key.A), family.RemoveMatching("a", key.A));
                        foreach ((string B, string A) gone in model.Keys.Where(k => k.A == key.A).ToList())
                            model.Remove(gone);
                        break;
                    default:
                        AssertExposes(registry, model);
                        break;
                }
            }

            AssertExposes(registry, model);
        }

        static string Value(Random random) => random.Next(6).ToString(CultureInfo.InvariantCulture);

        static void AssertExposes(MetricRegistry registry, Dictionary<(string B, string A), double> model) =>
            Assert.Equal(
                model.OrderBy(entry => entry.Key.A, StringComparer.Ordinal).ThenBy(entry => entry.Key.B, StringComparer.Ordinal)
                    .Select(entry => ((string, double))($"a={entry.Key.A},b={entry.Key.B}", entry.Value)),
                Samples(registry).Select(line => (string.Join(',', line.Labels.Select(label => $"{label.Name}={label.Value}")), line.Value)));
    }

    [Fact]
    public void A_registry_holds_what_a_dictionary_would()
    {
        var random = new Random(22);
        for (int round = 0; round < 30; round++)
        {
            var registry = new MetricRegistry();
            SortedDictionary<string, Counter> model = new(StringComparer.Ordinal);
            for (int step = 0; step < 150; step++)
            {
                string name = $"m{random.Next(15)}_total";
                var counter = new Counter(name, "M.");
                if (random.Next(3) == 0)
                {
                    Assert.Equal(model.Remove(name), registry.Unregister(counter));
                }
                else if (model.TryGetValue(name, out Counter? existing))
                {
                    Assert.Same(existing, registry.RegisterOrGet(counter));
                    existing.Inc();
                }
                else
                {
                    Assert.Same(counter, registry.RegisterOrGet(counter));
                    model.Add(name, counter);
                }
            }

            Assert.Equal(model.Select(entry => (entry.Key, entry.Value.Value)), Samples(registry).Select(line => (line.Name, line.Value)));
        }
    }

    [Fact]
    public void Headers_of_any_content_are_answered()
    {
        const string Alphabet = "text/plain*openmetrics-application;q=0.19,version escaping allow-utf-8gzip";
        var random = new Random(23);
        for (int round = 0; round < 5000; round++)
        {
            string header = string.Concat(Enumerable.Range(0, random.Next(40)).Select(_ => Alphabet[random.Next(Alphabet.Length)]));
            ExpositionFormat format = ExpositionNegotiation.Negotiate(header, offerOpenMetrics: true);
            Assert.Same(format, ExpositionFormat.Get(format.Kind, format.Escaping));
            // Without the whole word nothing can be compressed.
            Assert.True(header.Contains("gzip", StringComparison.Ordinal) || !AcceptEncoding.PrefersGzip(header));
        }
    }

    private static IEnumerable<ExpositionReader.Line> Samples(MetricRegistry registry) =>
        new ExpositionReader(registry.ToText()).ReadAll().Where(line => line.Keyword == "");
}
