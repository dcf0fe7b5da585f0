namespace Forethought.Scrape.Transport;

/// <summary>A body reached <c>body_size_limit</c>.</summary>
internal sealed class BodyTooLargeException() : Exception("body size limit exceeded");
