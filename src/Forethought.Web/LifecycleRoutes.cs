using Microsoft.AspNetCore.Http;

namespace Forethought.Web;

/// <summary>The routes <c>/-/reload</c> and <c>/-/quit</c>.</summary>
/// <param name="enabled">Whether <c>--web.enable-lifecycle</c> is given.</param>
/// <param name="reload">Reloads the configuration; throws with the reason when it stays as it was.</param>
/// <param name="quit">Asks the process to stop; returns whether it was asked for the first time.</param>
public sealed class LifecycleRoutes(bool enabled, Func<CancellationToken, Task> reload, Func<bool> quit)
{
    /// <summary>Answers one of the two.</summary>
    public async Task HandleAsync(HttpContext context, string path)
    {
        if (!HttpMethods.IsPost(context.Request.Method) && !HttpMethods.IsPut(context.Request.Method))
        {
            await Router.PlainAsync(context, StatusCodes.Status405MethodNotAllowed, "Only POST or PUT requests allowed").ConfigureAwait(false);
            return;
        }

        if (!enabled)
        {
            await Router.PlainAsync(context, StatusCodes.Status403Forbidden, "Lifecycle API is not enabled.").ConfigureAwait(false);
            return;
        }

        if (path == "/-/quit")
        {
            string text = quit() ? "Requesting termination... Goodbye!" : "Termination already in progress.";
            await Router.PlainAsync(context, StatusCodes.Status200OK, text).ConfigureAwait(false);
            return;
        }

        await ReloadAsync(context).ConfigureAwait(false);
    }

    private async Task ReloadAsync(HttpContext context)
    {
        try
        {
            await reload(context.RequestAborted).ConfigureAwait(false);
            context.Response.StatusCode = StatusCodes.Status200OK;
        }
#pragma warning disable CA1031 // Whatever keeps the configuration from being loaded is the answer to this request.
        catch (Exception error) when (error is not OperationCanceledException)
#pragma warning restore CA1031
        {
            await Router.PlainAsync(context, StatusCodes.Status500InternalServerError, $"failed to reload config: {error.Message}\n")
                .ConfigureAwait(false);
        }
    }
}
