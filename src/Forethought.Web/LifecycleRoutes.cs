using Microsoft.AspNetCore.Http;

namespace Forethought.Web;

/// <summary>The routes <c>/-/reload</c> and <c>/-/quit</c>.</summary>
/// <param name="enabled">Whether <c>--web.enable-lifecycle</c> is given.</param>
/// <param name="reload">Reloads the configuration; throws with the reason when it stays as it was.</param>
/// <param name="quit">Asks the process to stop; returns whether it was asked for the first time.</param>
public sealed class LifecycleRoutes(bool enabled, Func<CancellationToken, Task> reload, Func<bool> quit)
{
    /// <summary>Answers to GET.</summary>
    public static Task RefuseAsync(HttpContext context) =>
        PlainText.WriteAsync(context, StatusCodes.Status405MethodNotAllowed, "Only POST or PUT requests allowed");

    /// <summary>Asks the process to stop.</summary>
    public Task QuitAsync(HttpContext context)
    {
        if (!enabled)
            return ForbidAsync(context);
        string text = quit() ? "Requesting termination... Goodbye!" : "Termination already in progress.";
        return PlainText.WriteAsync(context, StatusCodes.Status200OK, text);
    }

    /// <summary>Reloads the configuration.</summary>
    public async Task ReloadAsync(HttpContext context)
    {
        if (!enabled)
        {
            await ForbidAsync(context).ConfigureAwait(false);
            return;
        }

        try
        {
            await reload(context.RequestAborted).ConfigureAwait(false);
            context.Response.ContentLength = 0;
        }
#pragma warning disable CA1031 // Whatever keeps the configuration from being loaded is the answer to this request.
        catch (Exception error) when (error is not OperationCanceledException)
#pragma warning restore CA1031
        {
            await PlainText.ErrorAsync(context, StatusCodes.Status500InternalServerError, $"failed to reload config: {error.Message}")
                .ConfigureAwait(false);
        }
    }

    private static Task ForbidAsync(HttpContext context) =>
        PlainText.WriteAsync(context, StatusCodes.Status403Forbidden, "Lifecycle API is not enabled.");
}
