using Forethought.Model;
using Forethought.PromQL.Syntax;
using Forethought.Storage;
using Forethought.Tsdb;
using Microsoft.AspNetCore.Http;

namespace Forethought.Web;

/// <summary>The routes <c>/api/v1/admin/tsdb/</c>, which change what is stored.</summary>
/// <param name="enabled">Whether <c>--web.enable-admin-api</c> is given.</param>
/// <param name="store">The store; null while it is being opened.</param>
public sealed class AdministrationApi(bool enabled, Func<TsdbStore?> store)
{
    /// <summary>Deletes samples of series.</summary>
    public async Task DeleteSeriesAsync(HttpContext context)
    {
        TsdbStore storage = Require();
        ApiParameters parameters = await ApiParameters.ReadAsync(context.Request).ConfigureAwait(false);
        parameters.ThrowIfBroken();
        IReadOnlyList<string> selectors = parameters.Texts("match[]");
        if (selectors.Count == 0)
            throw new ApiException("no match[] parameter provided");
        long startMs = parameters.Time("start", ApiTime.Min).StorageMs;
        long endMs = parameters.Time("end", ApiTime.Max).StorageMs;

        // All of them before anything is deleted: a mistake in the last one should not leave half of it done.
        IReadOnlyList<Matcher>[] parsed = [.. selectors.Select(Parse)];
        foreach (IReadOnlyList<Matcher> matchers in parsed)
            await PerformAsync(storage.DeleteAsync(startMs, endMs, matchers)).ConfigureAwait(false);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    /// <summary>Takes deleted samples off the disk.</summary>
    public async Task CleanTombstonesAsync(HttpContext context)
    {
        await PerformAsync(Require().CleanTombstonesAsync()).ConfigureAwait(false);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    /// <summary>Makes a snapshot and answers with its name.</summary>
    public async Task SnapshotAsync(HttpContext context)
    {
        TsdbStore storage = Require();
        ApiParameters parameters = await ApiParameters.ReadAsync(context.Request).ConfigureAwait(false);
        Task<string> snapshot = storage.SnapshotAsync(withHead: !parameters.Flag("skip_head"));
        await PerformAsync(snapshot).ConfigureAwait(false);
        using JsonOutput output = ApiAnswer.Begin(context);
        output.Raw("{\"name\":"u8);
        output.Text(await snapshot.ConfigureAwait(false));
        output.Raw('}');
        await ApiAnswer.EndAsync(context, output, []).ConfigureAwait(false);
    }

    private TsdbStore Require()
    {
        if (!enabled)
            throw new ApiException(ApiErrorType.Unavailable, "admin APIs disabled");
        return store() ?? throw new ApiException(ApiErrorType.Internal, "TSDB not ready");
    }

    private static IReadOnlyList<Matcher> Parse(string selector)
    {
        try
        {
            return PromQlParser.ParseSelector(selector);
        }
        catch (PromQlParseException exception)
        {
            throw ApiException.InvalidParameter("match[]", exception.Message);
        }
    }

    private static async Task PerformAsync(Task work)
    {
        try
        {
            await work.ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or StorageException or InvalidOperationException)
        {
            throw new ApiException(ApiErrorType.Internal, exception.Message, exception);
        }
    }
}
