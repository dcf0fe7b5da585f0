namespace Forethought.Scrape;

/// <summary>How bad a <see cref="ScrapeNotice"/> is.</summary>
public enum ScrapeNoticeLevel
{
    /// <summary>Of interest while looking for a fault: a scrape failed.</summary>
    Debug,

    /// <summary>Samples were lost.</summary>
    Warning,

    /// <summary>Something that was configured does not work.</summary>
    Error,
}
