using Forethought.Tsdb;
using Microsoft.AspNetCore.Http;

namespace Forethought.Web;

/// <summary>The routes <c>/api/v1/status/</c>: <c>buildinfo</c>, <c>flags</c>, <c>walreplay</c>; <c>/version</c>.</summary>
public sealed class StatusApi(BuildInformation build, IReadOnlyDictionary<string, string> flags)
{
    /// <summary>Answers with what the server is.</summary>
    public async Task BuildAsync(HttpContext context)
    {
        using JsonOutput output = ApiAnswer.Begin(context);
        WriteBuild(output);
        await ApiAnswer.EndAsync(context, output, []).ConfigureAwait(false);
    }

    /// <summary>Answers with every flag and its value.</summary>
    public async Task FlagsAsync(HttpContext context)
    {
        using JsonOutput output = ApiAnswer.Begin(context);
        output.Raw('{');
        bool first = true;
        foreach ((string name, string value) in flags)
        {
            if (!first)
                output.Raw(',');
            first = false;
            output.Text(name);
            output.Raw(':');
            output.Text(value);
        }

        output.Raw('}');
        await ApiAnswer.EndAsync(context, output, []).ConfigureAwait(false);
    }

    /// <summary>Answers with how far replay is; also while the server starts.</summary>
    public static async Task ReplayAsync(HttpContext context, WalReplayProgress progress)
    {
        using JsonOutput output = ApiAnswer.Begin(context);
        output.Raw("{\"min\":"u8);
        output.Number(progress.Min);
        output.Raw(",\"max\":"u8);
        output.Number(progress.Max);
        output.Raw(",\"current\":"u8);
        output.Number(progress.Current);
        output.Raw('}');
        await ApiAnswer.EndAsync(context, output, []).ConfigureAwait(false);
    }

    /// <summary>Answers <c>/version</c>.</summary>
    public async Task VersionAsync(HttpContext context)
    {
        context.Response.ContentType = "text/plain; charset=utf-8";
        using var output = new JsonOutput(context.Response.Body);
        WriteBuild(output);
        output.Raw('\n');
        context.Response.ContentLength = output.Length;
        await output.FlushAsync(context.RequestAborted).ConfigureAwait(false);
    }

    private void WriteBuild(JsonOutput output)
    {
        output.Raw("{\"version\":"u8);
        output.Text(build.Version);
        output.Raw(",\"revision\":"u8);
        output.Text(build.Revision);
        output.Raw(",\"branch\":"u8);
        output.Text(build.Branch);
        output.Raw(",\"buildUser\":"u8);
        output.Text(build.BuildUser);
        output.Raw(",\"buildDate\":"u8);
        output.Text(build.BuildDate);
        output.Raw(",\"goVersion\":"u8);
        output.Text(build.RuntimeVersion);
        output.Raw('}');
    }
}
