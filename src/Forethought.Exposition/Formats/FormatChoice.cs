using Forethought.Encoding;

namespace Forethought.Exposition;

/// <summary>Which format a response is read as, decided by its <c>Content-Type</c> and the target's fallback protocol.</summary>
/// <param name="Format">The format; null when the response cannot be read and the scrape must fail.</param>
/// <param name="Problem">
/// What is wrong with the <c>Content-Type</c>, in upstream's words: an error without a format, a warning with one; null when all is well.
/// </param>
public readonly record struct FormatChoice(ExpositionFormat? Format, string? Problem)
{
    private const string Protobuf = "application/vnd.google.protobuf";

    /// <summary>Chooses a format.</summary>
    /// <param name="contentType">The header's value; empty when the target sent none.</param>
    /// <param name="fallbackMediaType">The media type of <c>fallback_scrape_protocol</c>, without parameters; empty for none.</param>
    public static FormatChoice FromContentType(string contentType, string fallbackMediaType)
    {
        if (contentType.Length == 0)
        {
            return Fallback(
                fallbackMediaType,
                "non-compliant scrape target sending blank Content-Type and no fallback_scrape_protocol specified for target",
                "non-compliant scrape target sending blank Content-Type");
        }

        string quoted = GoQuote.Quote(contentType);
        if (!MediaType.TryParse(contentType, out string mediaType, out string? error))
        {
            FormatChoice choice = Fallback(
                fallbackMediaType,
                $"cannot parse Content-Type {quoted} and no fallback_scrape_protocol for target",
                $"could not parse received Content-Type {quoted}");
            return choice with { Problem = $"{choice.Problem}\n{error}" };
        }

        // A fallback is for what is not recognised; protobuf is, though it cannot be read.
        return Known(mediaType) is { } format
            ? new FormatChoice(format, null)
            : Fallback(mediaType == Protobuf ? "" : fallbackMediaType,
                $"received unsupported Content-Type {quoted} and no fallback_scrape_protocol specified for target",
                $"received unsupported Content-Type {quoted}");
    }

    private static FormatChoice Fallback(string mediaType, string error, string warning) => Known(mediaType) is { } format
        ? new FormatChoice(format, $"{warning}, using fallback_scrape_protocol {GoQuote.Quote(mediaType)}")
        : new FormatChoice(null, error);

    private static ExpositionFormat? Known(string mediaType) => mediaType switch
    {
        "text/plain" => ExpositionFormat.Text,
        "application/openmetrics-text" => ExpositionFormat.OpenMetrics,
        _ => null,
    };
}
