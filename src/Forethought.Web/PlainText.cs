using Microsoft.AspNetCore.Http;

namespace Forethought.Web;

/// <summary>Short answers that are no JSON.</summary>
internal static class PlainText
{
    /// <summary>Answers with a text.</summary>
    public static Task WriteAsync(HttpContext context, int status, string text) =>
        WriteAsync(context, status, "text/plain; charset=utf-8", text);

    /// <summary>Answers with an error: as a text, with a line break and the header that keeps browsers from guessing at its type.</summary>
    public static Task ErrorAsync(HttpContext context, int status, string text)
    {
        context.Response.Headers.XContentTypeOptions = "nosniff";
        return WriteAsync(context, status, text + "\n");
    }

    /// <summary>Sends the client elsewhere; for GET with a page that says where.</summary>
    public static Task RedirectAsync(HttpContext context, int status, string location)
    {
        context.Response.Headers.Location = location;
        if (HttpMethods.IsGet(context.Request.Method))
        {
            string word = status == StatusCodes.Status302Found ? "Found" : "Moved Permanently";
            return WriteAsync(context, status, "text/html; charset=utf-8", $"<a href=\"{Escape(location)}\">{word}</a>.\n\n");
        }

        context.Response.StatusCode = status;
        if (HttpMethods.IsHead(context.Request.Method))
            context.Response.ContentType = "text/html; charset=utf-8";
        else
            context.Response.ContentLength = 0;
        return Task.CompletedTask;
    }

    private static Task WriteAsync(HttpContext context, int status, string contentType, string text)
    {
        byte[] body = System.Text.Encoding.UTF8.GetBytes(text);
        context.Response.StatusCode = status;
        context.Response.ContentType = contentType;
        context.Response.ContentLength = body.Length;
        return HttpMethods.IsHead(context.Request.Method)
            ? Task.CompletedTask
            : context.Response.Body.WriteAsync(body, 0, body.Length, context.RequestAborted);
    }

    private static string Escape(string text) => text
        .Replace("&", "&amp;", StringComparison.Ordinal)
        .Replace("<", "&lt;", StringComparison.Ordinal)
        .Replace(">", "&gt;", StringComparison.Ordinal)
        .Replace("\"", "&#34;", StringComparison.Ordinal)
        .Replace("'", "&#39;", StringComparison.Ordinal);
}
