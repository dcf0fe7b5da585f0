using Forethought.Configuration;
using Forethought.Model;

namespace Forethought.Scrape.Samples;

/// <summary>What a job does with the samples of its targets. Immutable; shared by the job's loops.</summary>
internal sealed class SampleRules
{
    /// <exception cref="ArgumentException">A relabelling rule is not valid.</exception>
    public SampleRules(ScrapeConfiguration job)
    {
        HonorLabels = job.HonorLabels;
        HonorTimestamps = job.HonorTimestamps;
        TracksTimestamps = job.TrackTimestampsStaleness;
        SampleLimit = Limit(job.SampleLimit);
        LabelLimit = Limit(job.LabelLimit);
        NameLengthLimit = Limit(job.LabelNameLengthLimit);
        ValueLengthLimit = Limit(job.LabelValueLengthLimit);
        Validation = job.MetricNameValidation ?? NameValidation.Utf8;
        Relabeller = job.MetricRelabelRules.Count == 0 ? Relabeller.None : new Relabeller(job.MetricRelabelRules, Validation);
        FallbackMediaType = ScrapeProtocols.TryParse(job.FallbackProtocol, out ScrapeProtocol protocol)
            ? protocol.MediaType().Split(';')[0]
            : "";
    }

    /// <summary>Whether the storage is told what targets say about the families of series.</summary>
    public bool PassesMetadata { get; init; }

    public bool HonorLabels { get; }

    public bool HonorTimestamps { get; }

    /// <summary>Whether series with explicit timestamps are marked stale when they vanish.</summary>
    public bool TracksTimestamps { get; }

    /// <summary>The most samples after relabelling; <see cref="int.MaxValue"/> for no limit, as for the other limits.</summary>
    public int SampleLimit { get; }

    public int LabelLimit { get; }

    public int NameLengthLimit { get; }

    public int ValueLengthLimit { get; }

    public bool LimitsLabels => Math.Min(LabelLimit, Math.Min(NameLengthLimit, ValueLengthLimit)) != int.MaxValue;

    public NameValidation Validation { get; }

    public Relabeller Relabeller { get; }

    /// <summary>What a response without a usable content type is taken for; empty when it fails the scrape.</summary>
    public string FallbackMediaType { get; }

    private static int Limit(ulong configured) => configured is 0 or > int.MaxValue ? int.MaxValue : (int)configured;
}
