using System.Globalization;

namespace Forethought.Client;

/// <summary>Reads the Accept-Encoding header.</summary>
internal static class AcceptEncoding
{
    /// <summary>Whether the answer should be compressed: gzip is accepted, and rather than no encoding where that is named too.</summary>
    public static bool PrefersGzip(string? header)
    {
        double gzip = 0;
        double identity = 0;
        double any = 0;
        foreach (Range range in header.AsSpan().Split(','))
        {
            ReadOnlySpan<char> clause = header.AsSpan()[range];
            int semicolon = clause.IndexOf(';');
            ReadOnlySpan<char> coding = (semicolon < 0 ? clause : clause[..semicolon]).Trim();
            double quality = semicolon < 0 ? 1 : ParseQualityParameter(clause[(semicolon + 1)..].Trim());
            if (coding.Equals("gzip", StringComparison.OrdinalIgnoreCase))
                gzip = Math.Max(gzip, quality);
            else if (coding.Equals("identity", StringComparison.OrdinalIgnoreCase))
                identity = Math.Max(identity, quality);
            else if (coding is "*")
                any = Math.Max(any, quality);
        }

        // The wildcard speaks for no encoding too, which is cheaper and wins a tie.
        return gzip > Math.Max(identity, any);
    }

    /// <summary>A quality value, 0 for one that cannot be read.</summary>
    public static double ParseQuality(ReadOnlySpan<char> text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double quality) ? quality : 0;

    private static double ParseQualityParameter(ReadOnlySpan<char> parameter) =>
        parameter.StartsWith("q=", StringComparison.OrdinalIgnoreCase) ? ParseQuality(parameter[2..]) : 0;
}
