namespace Forethought.Scrape;

/// <summary>A scrape failed as a whole; the message is upstream's and becomes the target's last error.</summary>
internal sealed class ScrapeException(string message, Exception? cause = null) : Exception(message, cause);
