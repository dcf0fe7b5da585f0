namespace Forethought.Scrape;

/// <summary>Something to be logged; scraping goes on.</summary>
/// <param name="Level">How bad it is.</param>
/// <param name="Message">What happened, as upstream's log says it.</param>
/// <param name="ScrapePool">The pool concerned.</param>
/// <param name="Target">The URL of the target concerned; empty when it is none in particular.</param>
/// <param name="Error">The reason; empty when the message says it all.</param>
/// <param name="DroppedSamples">How many samples were dropped; 0 when the notice is about something else.</param>
public sealed record ScrapeNotice(
    ScrapeNoticeLevel Level, string Message, string ScrapePool, string Target = "", string Error = "", int DroppedSamples = 0);
