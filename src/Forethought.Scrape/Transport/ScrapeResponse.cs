namespace Forethought.Scrape.Transport;

/// <summary>What came back from a target.</summary>
/// <param name="Body">The uncompressed body; to be disposed.</param>
/// <param name="ContentType">The header's value; empty when there was none.</param>
internal readonly record struct ScrapeResponse(BodyBuffer Body, string ContentType);
