using System.Globalization;
using Forethought.Client;

namespace Forethought.Tsdb.Tests.Store;

/// <summary>A store's metrics as the text format shows them.</summary>
internal static class StoreMetricValues
{
    /// <summary>The lines of the text format.</summary>
    public static async Task<string[]> MetricLinesAsync(this TsdbStore store)
    {
        var registry = new MetricRegistry();
        registry.Register(store.Metrics);
        using var text = new MemoryStream();
        await new MetricsHandler(registry).ServeAsync("", "", _ => { }, text, TestContext.Current.CancellationToken);
        return System.Text.Encoding.UTF8.GetString(text.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>The value of a series, named with its labels.</summary>
    public static async Task<double> MetricAsync(this TsdbStore store, string series)
    {
        string line = (await store.MetricLinesAsync()).Single(line => line.StartsWith(series + " ", StringComparison.Ordinal));
        return double.Parse(line[series.Length..], CultureInfo.InvariantCulture);
    }
}
