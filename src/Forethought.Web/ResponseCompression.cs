using System.IO.Compression;
using Microsoft.AspNetCore.Http;

namespace Forethought.Web;

/// <summary>
/// Compresses answers of the API when the client asks: gzip or deflate, whichever it names first; quality values are not looked
/// at, as upstream.
/// </summary>
internal static class ResponseCompression
{
    /// <summary>The stream that compresses onto a body, null when the answer goes out as it is. Sets the headers.</summary>
    public static Stream? Open(HttpContext context, Stream body)
    {
        context.Response.Headers.Append("Vary", "Accept-Encoding");
        foreach (string? header in context.Request.Headers.AcceptEncoding)
        {
            foreach (Range range in header.AsSpan().Split(','))
            {
                ReadOnlySpan<char> coding = header.AsSpan(range).Trim();
                int end = coding.IndexOf(';');
                coding = end < 0 ? coding : coding[..end].Trim();
                if (coding is "gzip")
                {
                    context.Response.Headers.ContentEncoding = "gzip";
                    return new GZipStream(body, CompressionLevel.Fastest, leaveOpen: true);
                }

                if (coding is "deflate")
                {
                    context.Response.Headers.ContentEncoding = "deflate";
                    return new ZLibStream(body, CompressionLevel.Fastest, leaveOpen: true);
                }
            }
        }

        return null;
    }
}
