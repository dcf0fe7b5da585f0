using Forethought.Encoding;
using Forethought.Http;
using Forethought.Model;

namespace Forethought.Configuration.Sections;

/// <summary>What a scrape configuration takes from <c>global</c>, and the checks that need both.</summary>
internal static class ScrapeInheritance
{
    private const string AllSchemes = "'allow-utf-8', 'underscores', 'dots', or 'values'";

    internal static ScrapeConfiguration Complete(ScrapeConfiguration? scrape, GlobalConfiguration global)
    {
        if (scrape is null)
        {
            throw new ConfigurationException("empty or null scrape config section");
        }

        scrape = WithNames(WithProtocols(WithLimits(WithTimes(scrape, global), global), global), global);
        RelabelSection.Validate(scrape.RelabelRules, scrape.MetricNameValidation!.Value);
        RelabelSection.Validate(scrape.MetricRelabelRules, scrape.MetricNameValidation.Value);
        return scrape with
        {
            ConvertClassicHistogramsToNhcb = scrape.ConvertClassicHistogramsToNhcb ?? global.ConvertClassicHistogramsToNhcb,
            AlwaysScrapeClassicHistograms = scrape.AlwaysScrapeClassicHistograms ?? global.AlwaysScrapeClassicHistograms,
        };
    }

    private static ScrapeConfiguration WithTimes(ScrapeConfiguration scrape, GlobalConfiguration global)
    {
        TimeSpan interval = scrape.ScrapeInterval == TimeSpan.Zero ? global.ScrapeInterval : scrape.ScrapeInterval;
        if (scrape.ScrapeTimeout > interval)
        {
            throw new ConfigurationException(
                $"scrape timeout greater than scrape interval for scrape config with job name {GoQuote.Quote(scrape.JobName)}");
        }

        TimeSpan inherited = global.ScrapeTimeout < interval ? global.ScrapeTimeout : interval;
        return scrape with
        {
            ScrapeInterval = interval,
            ScrapeTimeout = scrape.ScrapeTimeout == TimeSpan.Zero
            ? inherited
            : scrape.ScrapeTimeout
        };
    }

    private static ScrapeConfiguration WithLimits(ScrapeConfiguration scrape, GlobalConfiguration global) => scrape with
    {
        BodySizeLimit = scrape.BodySizeLimit == 0 ? global.BodySizeLimit : scrape.BodySizeLimit,
        SampleLimit = scrape.SampleLimit == 0 ? global.SampleLimit : scrape.SampleLimit,
        TargetLimit = scrape.TargetLimit == 0 ? global.TargetLimit : scrape.TargetLimit,
        LabelLimit = scrape.LabelLimit == 0 ? global.LabelLimit : scrape.LabelLimit,
        LabelNameLengthLimit = scrape.LabelNameLengthLimit == 0 ? global.LabelNameLengthLimit : scrape.LabelNameLengthLimit,
        LabelValueLengthLimit = scrape.LabelValueLengthLimit == 0 ? global.LabelValueLengthLimit : scrape.LabelValueLengthLimit,
        KeepDroppedTargets = scrape.KeepDroppedTargets == 0 ? global.KeepDroppedTargets : scrape.KeepDroppedTargets,
        ScrapeFailureLogFile = scrape.ScrapeFailureLogFile.Length == 0 ? global.ScrapeFailureLogFile : scrape.ScrapeFailureLogFile,
        ScrapeNativeHistograms = scrape.ScrapeNativeHistograms ?? global.ScrapeNativeHistograms,
        ExtraScrapeMetrics = scrape.ExtraScrapeMetrics ?? global.ExtraScrapeMetrics,
    };

    private static ScrapeConfiguration WithProtocols(ScrapeConfiguration scrape, GlobalConfiguration global)
    {
        ValueList<string> protocols = scrape.Protocols ?? global.ScrapeProtocols
            ?? (scrape.ScrapeNativeHistograms == true ? ScrapeProtocols.ProtobufFirst : ScrapeProtocols.TextFirst);
        if (ScrapeProtocols.Check(protocols) is { } problem)
        {
            throw new ConfigurationException($"{problem} for scrape config with job name {GoQuote.Quote(scrape.JobName)}");
        }

        if (scrape.FallbackProtocol.Length > 0 && ScrapeProtocols.Check(scrape.FallbackProtocol) is { } fallback)
        {
            throw new ConfigurationException(
                $"invalid fallback_scrape_protocol for scrape config with job name {GoQuote.Quote(scrape.JobName)}: {fallback}");
        }

        return scrape with { Protocols = protocols };
    }

    private static ScrapeConfiguration WithNames(ScrapeConfiguration scrape, GlobalConfiguration global)
    {
        NameValidation globalValidation = global.MetricNameValidation ?? NameValidation.Utf8;
        NameValidation validation = scrape.MetricNameValidation ?? globalValidation;
        string inherited = scrape.MetricNameValidation is null
            ? GlobalEscaping(global.MetricNameEscaping, globalValidation)
            : DefaultEscaping(validation);
        if (scrape.MetricNameValidation is not null)
        {
            GlobalEscaping(global.MetricNameEscaping, globalValidation);
        }

        string escaping = scrape.MetricNameEscaping.Length == 0 ? inherited : scrape.MetricNameEscaping;
        if (escaping == EscapingSchemes.AllowUtf8 && validation != NameValidation.Utf8)
        {
            throw new ConfigurationException("utf8 metric names requested but validation scheme is not set to UTF8");
        }

        if (!EscapingSchemes.IsKnown(escaping))
        {
            throw new ConfigurationException(
                $"unknown scrape config name escaping method specified, must be one of {AllSchemes}, got {GoQuote.Quote(escaping)}");
        }

        return scrape with { MetricNameValidation = validation, MetricNameEscaping = escaping };
    }

    private static string GlobalEscaping(string escaping, NameValidation validation)
    {
        if (escaping.Length == 0)
        {
            return DefaultEscaping(validation);
        }

        return EscapingSchemes.IsKnown(escaping)
            ? escaping
            : throw new ConfigurationException(
                $"unknown global name escaping method specified, must be one of {AllSchemes}, got {GoQuote.Quote(escaping)}");
    }

    private static string DefaultEscaping(NameValidation validation) =>
        validation == NameValidation.Legacy ? EscapingSchemes.Underscores : EscapingSchemes.AllowUtf8;
}
