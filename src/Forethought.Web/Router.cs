using Forethought.Client;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Forethought.Web;

/// <summary>
/// Answers every request: a look-up of the path in a table, because endpoint routing and binding cost more than a small query.
/// Thread-safe.
/// </summary>
public sealed class Router
{
    private const string ApiPrefix = "/api/v1";
    private const string LabelPrefix = ApiPrefix + "/label/";
    private const string ValuesSuffix = "/values";

    private readonly WebRoutes _routes;
    private readonly string _prefix;
    private readonly RouteTable _pages;
    private readonly RouteTable _api;
    private readonly ApiPipeline _pipeline;
    private readonly Route _labelValues = new(LabelPrefix + ":name" + ValuesSuffix);
    private readonly Route _apiOptions = new(ApiPrefix + "/*path");

    /// <summary>Makes a router.</summary>
    public Router(WebRoutes routes)
    {
        _routes = routes;
        _prefix = routes.RoutePrefix.TrimEnd('/');
        _pipeline = new ApiPipeline(routes.Readiness, routes.Cors, routes.Log);
        _pages = new RouteTable(routes.Metrics);
        _api = new RouteTable(routes.Metrics);
        AddPages();
        AddApi();
    }

    /// <summary>Answers one request.</summary>
    public async Task HandleAsync(HttpContext context)
    {
        long started = _routes.Time.GetTimestamp();
        Route? route = Find(context, out RequestDelegate answer);
        if (route is null)
        {
            await answer(context).ConfigureAwait(false);
            return;
        }

        Stream body = context.Response.Body;
        var counted = new CountingStream(body);
        context.Response.Body = counted;
        try
        {
            await answer(context).ConfigureAwait(false);
        }
        finally
        {
            context.Response.Body = body;
            _routes.Metrics.Observe(route.Handler, context.Response.StatusCode, _routes.Time.GetElapsedTime(started), counted.Count);
        }
    }

    private void AddPages()
    {
        string name = _routes.IsAgent ? "Prometheus Agent" : "Prometheus Server";
        string home = _routes.IsAgent ? "/agent" : "/query";
        Add("GET", "/-/healthy", context => PlainText.WriteAsync(context, 200, $"{name} is Healthy.\n"));
        Add("HEAD", "/-/healthy", static _ => Task.CompletedTask);
        Add("GET", "/-/ready", _pipeline.WhenReady(context => PlainText.WriteAsync(context, 200, $"{name} is Ready.\n")));
        Add("HEAD", "/-/ready", _pipeline.WhenReady(static _ => Task.CompletedTask));
        Add("GET", "/metrics", MetricsAsync);
        Add("GET", "/version", _routes.Status.VersionAsync);
        Add("GET", "/", context => PlainText.RedirectAsync(context, 302, _routes.ExternalPath.TrimEnd('/') + home));
        Add("GET", "/graph", context => PlainText.RedirectAsync(
            context, 302, $"{_routes.ExternalPath.TrimEnd('/')}/query?{context.Request.QueryString.Value?.TrimStart('?')}"));
        Add("GET", "/-/reload", LifecycleRoutes.RefuseAsync);
        Add("POST", "/-/reload", _routes.Lifecycle.ReloadAsync);
        Add("PUT", "/-/reload", _routes.Lifecycle.ReloadAsync);
        Add("GET", "/-/quit", LifecycleRoutes.RefuseAsync);
        Add("POST", "/-/quit", _routes.Lifecycle.QuitAsync);
        Add("PUT", "/-/quit", _routes.Lifecycle.QuitAsync);

        void Add(string method, string path, RequestDelegate answer) => _pages.Add(method, path, answer);
    }

    private void AddApi()
    {
        GetAndPost("/query", _routes.Queries.InstantAsync);
        GetAndPost("/query_range", _routes.Queries.RangeAsync);
        GetAndPost("/query_exemplars", _routes.Exemplars.QueryAsync);
        GetAndPost("/format_query", _routes.Syntax.FormatAsync);
        GetAndPost("/parse_query", _routes.Syntax.ParseAsync);
        GetAndPost("/labels", _routes.Labels.NamesAsync);
        GetAndPost("/series", _routes.Labels.SeriesAsync);
        Get("/alertmanagers", ServerOnly(RulesApi.AlertmanagersAsync));
        Get("/alerts", ServerOnly(RulesApi.AlertsAsync));
        Get("/rules", ServerOnly(RulesApi.RulesAsync));
        Get("/scrape_pools", _routes.Targets.PoolsAsync);
        Get("/scrape_pools/config", _routes.Targets.PoolConfigurationAsync);
        Get("/targets", _routes.Targets.TargetsAsync);
        Get("/status/buildinfo", _routes.Status.BuildAsync);
        Get("/status/flags", _routes.Status.FlagsAsync);
        if (_routes.Runtime is { } runtime)
        {
            Get("/status/config", runtime.ConfigurationAsync);
            Get("/status/runtimeinfo", runtime.RuntimeAsync);
        }

        if (_routes.Storage is { } storage)
        {
            Get("/status/tsdb", ServerOnly(storage.HeadAsync));
            Get("/status/tsdb/blocks", ServerOnly(storage.BlocksAsync));
        }

        _api.Add("GET", ApiPrefix + "/status/walreplay", _pipeline.WrapAlways(context => StatusApi.ReplayAsync(context, _routes.Readiness.Replay)));
        _api.Add("POST", ApiPrefix + "/write", _pipeline.WhenReady(_routes.RemoteWrite is { } write ? write.Invoke : RefuseRemoteWriteAsync));
        PostAndPut("/admin/tsdb/delete_series", _routes.Administration.DeleteSeriesAsync);
        PostAndPut("/admin/tsdb/clean_tombstones", _routes.Administration.CleanTombstonesAsync);
        PostAndPut("/admin/tsdb/snapshot", _routes.Administration.SnapshotAsync);

        _labelValues.Add("GET", _pipeline.Wrap(ServerOnly(context => _routes.Labels.ValuesAsync(context, RawLabelName(context)))));
        _routes.Metrics.Announce(_labelValues.Handler);
        _apiOptions.Add("OPTIONS", _pipeline.WhenReady(OptionsAsync));
        _routes.Metrics.Announce(_apiOptions.Handler);

        void Get(string path, Func<HttpContext, Task> answer) => _api.Add("GET", ApiPrefix + path, _pipeline.Wrap(answer));

        void PostAndPut(string path, Func<HttpContext, Task> answer)
        {
            _api.Add("POST", ApiPrefix + path, _pipeline.Wrap(ServerOnly(answer)));
            _api.Add("PUT", ApiPrefix + path, _pipeline.Wrap(ServerOnly(answer)));
        }

        void GetAndPost(string path, Func<HttpContext, Task> answer)
        {
            Get(path, ServerOnly(answer));
            _api.Add("POST", ApiPrefix + path, _pipeline.Wrap(ServerOnly(answer)));
        }
    }

    // An agent has these routes too, but nothing to answer them with.
    private Func<HttpContext, Task> ServerOnly(Func<HttpContext, Task> answer) => _routes.IsAgent
        ? static _ => throw new ApiException(ApiErrorType.Execution, "unavailable with Prometheus Agent")
        : answer;

    // Returns null for requests that no route counts.
    private Route? Find(HttpContext context, out RequestDelegate answer)
    {
        string full = context.Request.Path.Value is { Length: > 0 } given ? given : "/";
        string method = context.Request.Method;
        if (full.Contains("//", StringComparison.Ordinal))
            return Elsewhere(CleanPath(full), StatusCodes.Status301MovedPermanently, out answer);
        if (_prefix.Length > 0 && full == "/" && method == HttpMethods.Get)
        {
            answer = redirected => PlainText.RedirectAsync(redirected, StatusCodes.Status302Found, _prefix);
            return _pages.Find("/");
        }

        string? path = BelowPrefix(full);
        if (path is null)
        {
            answer = NotFoundAsync;
            return null;
        }

        if (path == ApiPrefix || path.Length == 0)
            return Elsewhere(full + "/", StatusCodes.Status301MovedPermanently, out answer);
        if (path.StartsWith(ApiPrefix, StringComparison.Ordinal) && path[ApiPrefix.Length] == '/')
            return Choose(method == HttpMethods.Options ? _apiOptions : FindApi(path), method, out answer);
        if (_pages.Find(path) is { } page)
            return Choose(page, method, out answer);
        if (_pages.FindSimilar(path, method) is { } similar)
        {
            int status = method == HttpMethods.Get ? StatusCodes.Status301MovedPermanently : StatusCodes.Status307TemporaryRedirect;
            return Elsewhere(_prefix + similar, status, out answer);
        }

        answer = NotFoundAsync;
        return null;
    }

    private static Route? Elsewhere(string path, int status, out RequestDelegate answer)
    {
        answer = context => PlainText.RedirectAsync(context, status, path + context.Request.QueryString.Value);
        return null;
    }

    private static Route? Choose(Route? route, string method, out RequestDelegate answer)
    {
        if (route?.Find(method) is { } found)
        {
            answer = found;
            return route;
        }

        answer = route is null ? NotFoundAsync : context => RefuseMethodAsync(context, route, method);
        return null;
    }

    private Route? FindApi(string path)
    {
        if (_api.Find(path) is { } route)
            return route;
        bool isLabel = path.StartsWith(LabelPrefix, StringComparison.Ordinal) && path.EndsWith(ValuesSuffix, StringComparison.Ordinal)
            && path.Length > LabelPrefix.Length + ValuesSuffix.Length;
        if (!isLabel)
            return null;
        ReadOnlySpan<char> name = path.AsSpan(LabelPrefix.Length, path.Length - LabelPrefix.Length - ValuesSuffix.Length);
        // A slash stays escaped in the path that the server hands over, and parts names all the same.
        return name.Contains('/') || name.Contains("%2F", StringComparison.OrdinalIgnoreCase) ? null : _labelValues;
    }

    // The part of the path between /label/ and /values as the client sent it: its bytes may be no valid UTF-8.
    private static string RawLabelName(HttpContext context)
    {
        string target = context.Features.Get<IHttpRequestFeature>()?.RawTarget ?? "";
        int query = target.IndexOf('?', StringComparison.Ordinal);
        string path = query < 0 ? target : target[..query];
        int end = path.LastIndexOf('/');
        return end <= 0 ? "" : path[(path.LastIndexOf('/', end - 1) + 1)..end];
    }

    private string? BelowPrefix(string path)
    {
        if (_prefix.Length == 0)
            return path;
        bool inside = path.StartsWith(_prefix, StringComparison.Ordinal) && (path.Length == _prefix.Length || path[_prefix.Length] == '/');
        return inside ? path[_prefix.Length..] : null;
    }

    private static string CleanPath(string path) =>
        "/" + string.Join('/', path.Split('/', StringSplitOptions.RemoveEmptyEntries)) + (path.Length > 1 && path[^1] == '/' ? "/" : "");

    private static Task NotFoundAsync(HttpContext context) =>
        PlainText.ErrorAsync(context, StatusCodes.Status404NotFound, "404 page not found");

    private static Task RefuseMethodAsync(HttpContext context, Route route, string method)
    {
        context.Response.Headers.Allow = route.Allow;
        if (method != HttpMethods.Options)
            return PlainText.ErrorAsync(context, StatusCodes.Status405MethodNotAllowed, "Method Not Allowed");
        context.Response.ContentLength = 0;
        return Task.CompletedTask;
    }

    private Task OptionsAsync(HttpContext context)
    {
        context.Response.Headers.Append("Vary", "Accept-Encoding");
        _routes.Cors.Apply(context);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    private static Task RefuseRemoteWriteAsync(HttpContext context) => PlainText.ErrorAsync(
        context, StatusCodes.Status404NotFound, "remote write receiver needs to be enabled with --web.enable-remote-write-receiver");

    private async Task MetricsAsync(HttpContext context)
    {
        using MetricsAnswer answer = _routes.MetricsHandler.Answer(context.Request.Headers.Accept, context.Request.Headers.AcceptEncoding);
        context.Response.StatusCode = answer.StatusCode;
        context.Response.ContentType = answer.ContentType;
        if (answer.ContentEncoding is { } encoding)
            context.Response.Headers.ContentEncoding = encoding;
        await context.Response.Body.WriteAsync(answer.Body, context.RequestAborted).ConfigureAwait(false);
    }
}
