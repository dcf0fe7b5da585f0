using Forethought.Encoding;
using Forethought.PromQL.Execution;
using Forethought.PromQL.Syntax;
using Microsoft.AspNetCore.Http;
using IQueryable = Forethought.Storage.IQueryable;

namespace Forethought.Web;

/// <summary>The routes <c>/api/v1/query</c> and <c>/api/v1/query_range</c>.</summary>
public sealed class QueryApi(QueryEngine engine, IQueryable storage, TimeProvider time)
{
    private const int MaxSteps = 11_000;

    // The engine's own timeout is far below what a timer can hold.
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromDays(30);

    /// <summary>Answers a query for one point in time.</summary>
    public async Task InstantAsync(HttpContext context)
    {
        ApiParameters parameters = await ApiParameters.ReadAsync(context.Request).ConfigureAwait(false);
        int limit = parameters.Limit();
        ApiTime at = parameters.Time("time", ApiTime.From(time.GetUtcNow()));
        TimeSpan? timeout = Timeout(parameters);
        QueryOptions options = Options(parameters);
        PreparedQuery query = Prepare(timeout, () => engine.PrepareInstant(parameters.Text("query"), at.QueryMs, options));
        await AnswerAsync(context, parameters, query, limit, timeout).ConfigureAwait(false);
    }

    /// <summary>Answers a query over a range of time.</summary>
    public async Task RangeAsync(HttpContext context)
    {
        ApiParameters parameters = await ApiParameters.ReadAsync(context.Request).ConfigureAwait(false);
        int limit = parameters.Limit();
        ApiTime start = parameters.RequiredTime("start");
        ApiTime end = parameters.RequiredTime("end");
        if (end.IsBefore(start))
            throw ApiException.InvalidParameter("end", "end timestamp must not be before start time");
        long stepNs = ApiParameters.Nanoseconds("step", parameters.Text("step"));
        if (stepNs <= 0)
        {
            throw ApiException.InvalidParameter(
                "step", "zero or negative query resolution step widths are not accepted. Try a positive integer");
        }

        if (end.NanosecondsSince(start) / stepNs > MaxSteps)
        {
            throw new ApiException(
                "exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)");
        }

        TimeSpan? timeout = Timeout(parameters);
        QueryOptions options = Options(parameters);
        // Steps below a millisecond would never move on.
        long stepMs = Math.Max(1, stepNs / 1_000_000);
        PreparedQuery query = Prepare(timeout, () => engine.PrepareRange(parameters.Text("query"), start.QueryMs, end.QueryMs, stepMs, options));
        await AnswerAsync(context, parameters, query, limit, timeout).ConfigureAwait(false);
    }

    private async Task AnswerAsync(HttpContext context, ApiParameters parameters, PreparedQuery query, int limit, TimeSpan? timeout)
    {
        QueryResult result = await ExecuteAsync(query, timeout, context.RequestAborted).ConfigureAwait(false);
        (IReadOnlyList<string> warnings, IReadOnlyList<string> infos) = result.Annotations.ToTexts();
        var allWarnings = new List<string>(warnings);
        if (limit > 0 && result.Series.Count > limit)
            allWarnings.Add("results truncated due to limit");
        string stats = parameters.Text("stats");
        if (stats is not ("" or "true" or "all"))
        {
            allWarnings.Add(
                $"value {GoQuote.Quote(stats)} for parameter \"stats\" is deprecated and will be rejected in the next major release, "
                + "use \"true\" or \"all\"");
        }

        using JsonOutput output = ApiAnswer.Begin(context);
        output.Raw('{');
        await QueryResultWriter.WriteAsync(output, result, limit, context.RequestAborted).ConfigureAwait(false);
        if (stats.Length > 0)
            QueryStatisticsWriter.Write(output, result.Statistics);
        output.Raw('}');
        await ApiAnswer.EndAsync(context, output, allWarnings, infos).ConfigureAwait(false);
    }

    private async Task<QueryResult> ExecuteAsync(PreparedQuery query, TimeSpan? timeout, CancellationToken aborted)
    {
        using var deadline = new CancellationTokenSource();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(aborted, deadline.Token);
        using ITimer? timer = timeout < LongestTimeout
            ? time.CreateTimer(_ => deadline.Cancel(), null, timeout.Value, System.Threading.Timeout.InfiniteTimeSpan)
            : null;
        try
        {
            return await engine.ExecuteAsync(query, storage, stop.Token).ConfigureAwait(false);
        }
        catch (PromQlException exception) when (exception.Kind == PromQlErrorKind.Canceled && deadline.IsCancellationRequested)
        {
            string message = exception.Message.Replace("query was canceled in", "query timed out in", StringComparison.Ordinal);
            throw new ApiException(ApiErrorType.Timeout, message, exception);
        }
        catch (PromQlException exception)
        {
            throw new ApiException(ErrorType(exception.Kind), exception.Message, exception);
        }
    }

    private static ApiErrorType ErrorType(PromQlErrorKind kind) => kind switch
    {
        PromQlErrorKind.Timeout => ApiErrorType.Timeout,
        PromQlErrorKind.Canceled => ApiErrorType.Canceled,
        PromQlErrorKind.Storage => ApiErrorType.Internal,
        _ => ApiErrorType.Execution,
    };

    private static PreparedQuery Prepare(TimeSpan? timeout, Func<PreparedQuery> prepare)
    {
        // A query that is late before it begins finds no place in the queue, and that comes before its text is looked at.
        if (timeout <= TimeSpan.Zero)
            throw ApiException.InvalidParameter("query", "context deadline exceeded");
        try
        {
            return prepare();
        }
        catch (Exception exception) when (exception is PromQlParseException or PromQlException)
        {
            throw ApiException.InvalidParameter("query", exception.Message);
        }
    }

    private static TimeSpan? Timeout(ApiParameters parameters) =>
        parameters.Text("timeout") is { Length: > 0 } text
            ? TimeSpan.FromTicks(ApiParameters.Nanoseconds("timeout", text) / TimeSpan.NanosecondsPerTick)
            : null;

    private static QueryOptions Options(ApiParameters parameters)
    {
        string text = parameters.Text("lookback_delta");
        try
        {
            return new QueryOptions
            {
                LookbackDelta = text.Length == 0 ? null : TimeSpan.FromTicks(ApiParameters.Nanoseconds(text) / TimeSpan.NanosecondsPerTick),
                PerStepStatistics = parameters.Text("stats") == "all",
            };
        }
        catch (FormatException exception)
        {
            throw new ApiException($"error parsing lookback delta duration: {exception.Message}", exception);
        }
    }
}
