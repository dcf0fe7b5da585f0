using Microsoft.AspNetCore.Http;

namespace Forethought.Web;

/// <summary>The envelope around every answer of the API: <c>{"status":…,"data":…}</c>.</summary>
internal static class ApiAnswer
{
    private const string ContentType = "application/json";

    /// <summary>Begins a success: status, content type and the envelope up to the data, which the caller writes next.</summary>
    public static JsonOutput Begin(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status200OK;
        context.Response.ContentType = ContentType;
        var output = new JsonOutput(context.Response.Body);
        output.Raw("{\"status\":\"success\",\"data\":"u8);
        return output;
    }

    /// <summary>Closes the envelope after the data and sends what is left.</summary>
    public static async ValueTask EndAsync(
        HttpContext context, JsonOutput output, IReadOnlyList<string> warnings, IReadOnlyList<string>? infos = null)
    {
        if (warnings.Count > 0)
        {
            output.Raw(",\"warnings\":"u8);
            output.Texts(warnings);
        }

        if (infos is { Count: > 0 })
        {
            output.Raw(",\"infos\":"u8);
            output.Texts(infos);
        }

        output.Raw('}');
        await SendAsync(context, output).ConfigureAwait(false);
    }

    /// <summary>Answers with an error.</summary>
    public static async ValueTask FailAsync(HttpContext context, ApiException error)
    {
        context.Response.StatusCode = error.Status;
        context.Response.ContentType = ContentType;
        using var output = new JsonOutput(context.Response.Body);
        output.Raw("{\"status\":\"error\",\"errorType\":"u8);
        output.Text(error.TypeName);
        output.Raw(",\"error\":"u8);
        output.Text(error.Message);
        output.Raw('}');
        await SendAsync(context, output).ConfigureAwait(false);
    }

    // An answer that fits into the buffer and is not compressed has a known length, which spares the client the chunks.
    private static ValueTask SendAsync(HttpContext context, JsonOutput output)
    {
        if (!output.HasFlushed && context.Response.Headers.ContentEncoding.Count == 0)
            context.Response.ContentLength = output.Length;
        return output.FlushAsync(context.RequestAborted);
    }
}
