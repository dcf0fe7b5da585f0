using Forethought.Client;
using Forethought.Storage;
using Microsoft.AspNetCore.Http;

namespace Forethought.Web;

/// <summary>
/// Answers every request: one delegate with a switch over the path, because endpoint routing and binding cost more than a small
/// query. Thread-safe.
/// </summary>
public sealed class Router
{
    private const string ApiPrefix = "/api/v1";

    private readonly WebRoutes _routes;
    private readonly string _prefix;

    /// <summary>Makes a router.</summary>
    public Router(WebRoutes routes)
    {
        _routes = routes;
        _prefix = routes.RoutePrefix.TrimEnd('/');
    }

    /// <summary>Answers one request.</summary>
    public async Task HandleAsync(HttpContext context)
    {
        long started = _routes.Time.GetTimestamp();
        string path = context.Request.Path.Value ?? "/";
        if (_prefix.Length > 0)
        {
            if (path == "/" && HttpMethods.IsGet(context.Request.Method))
            {
                Redirect(context, _prefix);
                return;
            }

            bool inside = path.StartsWith(_prefix, StringComparison.Ordinal) && (path.Length == _prefix.Length || path[_prefix.Length] == '/');
            path = inside ? path[_prefix.Length..] : "";
        }

        Stream body = context.Response.Body;
        var counted = new CountingStream(body);
        context.Response.Body = counted;
        string handler = "not_found";
        try
        {
            handler = await DispatchAsync(context, path.Length == 0 && _prefix.Length > 0 ? "/" : path).ConfigureAwait(false);
        }
        finally
        {
            context.Response.Body = body;
            if (handler != "not_found")
                _routes.Metrics.Observe(handler, context.Response.StatusCode, _routes.Time.GetElapsedTime(started), counted.Count);
        }
    }

    private async Task<string> DispatchAsync(HttpContext context, string path)
    {
        if (path.StartsWith(ApiPrefix, StringComparison.Ordinal) && path.Length > ApiPrefix.Length && path[ApiPrefix.Length] == '/')
            return await HandleApiAsync(context, path).ConfigureAwait(false);
        switch (path)
        {
            case "/-/healthy" when IsGetOrHead(context):
                await PlainAsync(context, 200, "Prometheus Server is Healthy.\n").ConfigureAwait(false);
                return path;
            case "/-/ready" when IsGetOrHead(context):
                if (await RefuseUnlessReadyAsync(context).ConfigureAwait(false))
                    return path;
                await PlainAsync(context, 200, "Prometheus Server is Ready.\n").ConfigureAwait(false);
                return path;
            case "/metrics" when HttpMethods.IsGet(context.Request.Method):
                await MetricsAsync(context).ConfigureAwait(false);
                return path;
            case "/version" when HttpMethods.IsGet(context.Request.Method):
                await _routes.Status.VersionAsync(context).ConfigureAwait(false);
                return path;
            case "/-/reload" or "/-/quit":
                await _routes.Lifecycle.HandleAsync(context, path).ConfigureAwait(false);
                return path;
            case "/" when HttpMethods.IsGet(context.Request.Method):
                Redirect(context, _routes.ExternalPath.TrimEnd('/') + "/query");
                return path;
            default:
                await PlainAsync(context, 404, "404 page not found\n").ConfigureAwait(false);
                return "not_found";
        }
    }

    private async Task<string> HandleApiAsync(HttpContext context, string path)
    {
        _routes.Cors.Apply(context);
        if (await RefuseUnlessReadyAsync(context).ConfigureAwait(false))
            return path.Length > 40 ? ApiPrefix : path;
        if (HttpMethods.IsOptions(context.Request.Method))
        {
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            return ApiPrefix + "/*path";
        }

        (string pattern, string methods, Func<HttpContext, Task>? answer) = FindApi(path[ApiPrefix.Length..]);
        if (answer is null)
        {
            await PlainAsync(context, 404, "404 page not found\n").ConfigureAwait(false);
            return "not_found";
        }

        if (!methods.Split(", ").Contains(context.Request.Method))
        {
            context.Response.Headers.Allow = methods + ", OPTIONS";
            await PlainAsync(context, 405, "Method Not Allowed\n").ConfigureAwait(false);
            return ApiPrefix + pattern;
        }

        await AnswerApiAsync(context, answer).ConfigureAwait(false);
        return ApiPrefix + pattern;
    }

    private (string Pattern, string Methods, Func<HttpContext, Task>? Answer) FindApi(string path)
    {
        const string LabelPrefix = "/label/";
        const string ValuesSuffix = "/values";
        switch (path)
        {
            case "/query": return (path, "GET, POST", _routes.Queries.InstantAsync);
            case "/query_range": return (path, "GET, POST", _routes.Queries.RangeAsync);
            case "/labels": return (path, "GET, POST", _routes.Labels.NamesAsync);
            case "/series": return (path, "GET, POST", _routes.Labels.SeriesAsync);
            case "/targets": return (path, "GET", _routes.Targets.TargetsAsync);
            case "/status/buildinfo": return (path, "GET", _routes.Status.BuildAsync);
            case "/status/flags": return (path, "GET", _routes.Status.FlagsAsync);
            case "/write": return (path, "POST", _routes.RemoteWrite);
        }

        if (path.StartsWith(LabelPrefix, StringComparison.Ordinal) && path.EndsWith(ValuesSuffix, StringComparison.Ordinal)
            && path.Length > LabelPrefix.Length + ValuesSuffix.Length)
        {
            string name = path[LabelPrefix.Length..^ValuesSuffix.Length];
            if (!name.Contains('/', StringComparison.Ordinal))
                return ("/label/:name/values", "GET", context => _routes.Labels.ValuesAsync(context, name));
        }

        return ("", "", null);
    }

    private static async Task AnswerApiAsync(HttpContext context, Func<HttpContext, Task> answer)
    {
        Stream body = context.Response.Body;
        try
        {
            Stream? compressed = ResponseCompression.Open(context, body);
            if (compressed is not null)
                context.Response.Body = compressed;
            await using (compressed)
            {
                try
                {
                    await answer(context).ConfigureAwait(false);
                }
                catch (ApiException error) when (!context.Response.HasStarted)
                {
                    await ApiAnswer.FailAsync(context, error).ConfigureAwait(false);
                }
                catch (StorageException error) when (!context.Response.HasStarted)
                {
                    await ApiAnswer.FailAsync(context, new ApiException(ApiErrorType.Execution, error.Message, error)).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client is gone; there is nobody to answer.
            context.Abort();
        }
        finally
        {
            context.Response.Body = body;
        }
    }

    private async Task MetricsAsync(HttpContext context)
    {
        MetricsAnswer answer = _routes.MetricsHandler.Answer(context.Request.Headers.Accept, context.Request.Headers.AcceptEncoding);
        using (answer)
        {
            context.Response.StatusCode = answer.StatusCode;
            context.Response.ContentType = answer.ContentType;
            if (answer.ContentEncoding is { } encoding)
                context.Response.Headers.ContentEncoding = encoding;
            await context.Response.Body.WriteAsync(answer.Body, context.RequestAborted).ConfigureAwait(false);
        }
    }

    private async ValueTask<bool> RefuseUnlessReadyAsync(HttpContext context)
    {
        if (_routes.Readiness.IsReady)
            return false;
        context.Response.Headers["X-Prometheus-Stopping"] = _routes.Readiness.IsStopping ? "true" : "false";
        await PlainAsync(context, 503, "Service Unavailable").ConfigureAwait(false);
        return true;
    }

    internal static async Task PlainAsync(HttpContext context, int status, string text)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        if (!HttpMethods.IsHead(context.Request.Method))
            await context.Response.Body.WriteAsync(System.Text.Encoding.UTF8.GetBytes(text), context.RequestAborted).ConfigureAwait(false);
    }

    private static bool IsGetOrHead(HttpContext context) =>
        HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method);

    private static void Redirect(HttpContext context, string location)
    {
        context.Response.StatusCode = StatusCodes.Status302Found;
        context.Response.Headers.Location = location;
    }
}
