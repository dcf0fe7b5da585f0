using System.IO.Compression;
using Microsoft.AspNetCore.Http;

namespace Forethought.Web;

/// <summary>
/// Compresses answers of the API when the client asks: gzip or deflate, whichever it names first. As upstream, only the first
/// <c>Accept-Encoding</c> header counts, and a coding with a quality value is not understood.
/// </summary>
internal static class ResponseCompression
{
    /// <summary>Whether and how an answer is compressed; sets the headers that tell so.</summary>
    /// <returns><c>gzip</c>, <c>deflate</c> or null.</returns>
    public static string? Negotiate(HttpContext context)
    {
        context.Response.Headers.Append("Vary", "Accept-Encoding");
        ReadOnlySpan<char> header = context.Request.Headers.AcceptEncoding is [{ } first, ..] ? first : "";
        foreach (Range range in header.Split(','))
        {
            string? coding = header[range].Trim() switch
            {
                "gzip" => "gzip",
                "deflate" => "deflate",
                _ => null,
            };
            if (coding is null)
                continue;
            context.Response.Headers.ContentEncoding = coding;
            return coding;
        }

        return null;
    }

    /// <summary>The stream that compresses onto a body.</summary>
    public static Stream Open(string coding, Stream body) => coding == "gzip"
        ? new GZipStream(body, CompressionLevel.Fastest, leaveOpen: true)
        : new ZLibStream(body, CompressionLevel.Fastest, leaveOpen: true);
}
