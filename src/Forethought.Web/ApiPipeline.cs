using Forethought.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Forethought.Web;

/// <summary>What surrounds the answer of every API route: readiness, compression, cross-origin headers, errors.</summary>
/// <param name="readiness">Whether requests are served.</param>
/// <param name="cors">Which origins may read answers.</param>
/// <param name="log">Where failures go that are the server's own fault.</param>
internal sealed class ApiPipeline(ServerReadiness readiness, CorsPolicy cors, ILogger log)
{
    private static readonly Action<ILogger, string, Exception?> Failed = LoggerMessage.Define<string>(
        LogLevel.Error, new EventId(1, nameof(Failed)), "Answering a request failed {Path}");

    /// <summary>Puts everything around a route.</summary>
    public RequestDelegate Wrap(Func<HttpContext, Task> answer) => WhenReady(context => AnswerAsync(context, answer));

    /// <summary>Puts only the cross-origin headers and errors around a route that also answers while the server starts.</summary>
    public RequestDelegate WrapAlways(Func<HttpContext, Task> answer) => context =>
    {
        cors.Apply(context);
        return AnswerOrFailAsync(context, answer);
    };

    /// <summary>Lets a route answer only when the server is ready.</summary>
    public RequestDelegate WhenReady(RequestDelegate answer) => context =>
    {
        if (readiness.IsReady)
            return answer(context);
        context.Response.Headers["X-Prometheus-Stopping"] = readiness.IsStopping ? "true" : "false";
        return PlainText.WriteAsync(context, StatusCodes.Status503ServiceUnavailable, "Service Unavailable");
    };

    private async Task AnswerAsync(HttpContext context, Func<HttpContext, Task> answer)
    {
        string? coding = ResponseCompression.Negotiate(context);
        cors.Apply(context);
        if (coding is null)
        {
            await AnswerOrFailAsync(context, answer).ConfigureAwait(false);
            return;
        }

        Stream body = context.Response.Body;
        try
        {
            // An error after part of an answer was compressed, but before any of it went out, begins a new stream.
            var compressed = new RestartableStream(() => ResponseCompression.Open(coding, body));
            context.Response.Body = compressed;
            await AnswerOrFailAsync(context, answer).ConfigureAwait(false);
            if (!context.RequestAborted.IsCancellationRequested)
                await compressed.FinishAsync().ConfigureAwait(false);
        }
        finally
        {
            context.Response.Body = body;
        }
    }

    private async Task AnswerOrFailAsync(HttpContext context, Func<HttpContext, Task> answer)
    {
        try
        {
            await answer(context).ConfigureAwait(false);
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client is gone; there is nobody to answer.
            context.Abort();
        }
        catch (ApiException error)
        {
            await FailAsync(context, error).ConfigureAwait(false);
        }
        catch (StorageException error)
        {
            await FailAsync(context, new ApiException(ApiErrorType.Execution, error.Message, error)).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // A fault of the server's must reach the client as an error and the log, not end the connection.
        catch (Exception error)
#pragma warning restore CA1031
        {
            Failed(log, context.Request.Path.Value ?? "", error);
            await FailAsync(context, new ApiException(ApiErrorType.Internal, $"unexpected error: {error.Message}", error)).ConfigureAwait(false);
        }
    }

    private static ValueTask FailAsync(HttpContext context, ApiException error)
    {
        if (context.Response.HasStarted)
        {
            // Half an answer must not look like a whole one.
            context.Abort();
            return ValueTask.CompletedTask;
        }

        (context.Response.Body as RestartableStream)?.Restart();
        return ApiAnswer.FailAsync(context, error);
    }
}
