using Forethought.Encoding;
using Forethought.Model;
using Forethought.Storage;
using IQueryable = Forethought.Storage.IQueryable;
using MatchType = Forethought.Model.MatchType;

namespace Forethought.Remote.Receive;

/// <summary>Says which stored sample stands in the way of a refused one.</summary>
internal static class ExistingSample
{
    /// <summary>Upstream's text for a row that was refused because its series has another sample at the same time.</summary>
    /// <param name="refused">A row refused as <see cref="AppendOutcome.DuplicateTimestamp"/>.</param>
    /// <param name="labels">The labels of its series.</param>
    /// <param name="store">Where to look for the sample.</param>
    /// <exception cref="StorageException">The store could not be read.</exception>
    public static async ValueTask<string> DescribeAsync(RefusedRow refused, Labels labels, IQueryable store)
    {
        // Upstream takes time 0 for no time; and says no more of histograms.
        if (refused.TimeMs == 0 || refused.IsHistogram)
            return refused.Text;
        using IQuerier querier = store.OpenQuerier(refused.TimeMs, refused.TimeMs);
        var hints = new SelectHints { StartMs = refused.TimeMs, EndMs = refused.TimeMs };
        using ISeriesSet found = await querier.SelectAsync(hints, MatchersOf(labels), CancellationToken.None).ConfigureAwait(false);
        var samples = new SampleBatch(8);
        // The matchers also accept series with more labels.
        while (found.MoveNext())
        {
            if (found.PackedLabels.SequenceEqual(labels.Packed) && found.Read(samples) && samples.Count > 0)
                return Describe(refused, samples);
        }

        return refused.Text;
    }

    private static string Describe(RefusedRow refused, SampleBatch samples)
    {
        int last = samples.Count - 1;
        string existing = (samples.Kinds[last] & SampleKind.Histogram) != 0
            ? "existing is a histogram"
            : "existing " + Format(samples.Values[last]);
        return $"duplicate sample for timestamp {refused.TimeMs}; overrides not allowed: {existing}, new value {Format(refused.Value)}";
    }

    private static Matcher[] MatchersOf(Labels labels)
    {
        var matchers = new List<Matcher>();
        foreach (Label label in labels)
            matchers.Add(new Matcher(MatchType.Equal, label.Name, label.Value));
        return [.. matchers];
    }

    private static string Format(double value)
    {
        Span<byte> text = stackalloc byte[GoNumber.MaxLength];
        return System.Text.Encoding.ASCII.GetString(text[..GoNumber.FormatGeneral(value, text)]);
    }
}
