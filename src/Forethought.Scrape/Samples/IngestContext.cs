using Forethought.Model;
using Forethought.Scrape.Cache;
using Forethought.Storage;

namespace Forethought.Scrape.Samples;

/// <summary>Whose samples are taken in, and where they go.</summary>
/// <param name="Cache">What is remembered of the target.</param>
/// <param name="Labels">The labels that the target adds to its samples.</param>
/// <param name="Rules">The job's rules.</param>
/// <param name="Storage">Where appenders come from.</param>
internal sealed record IngestContext(ScrapeCache Cache, Labels Labels, SampleRules Rules, IAppendable Storage);
