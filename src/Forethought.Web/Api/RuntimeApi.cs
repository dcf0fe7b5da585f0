using Microsoft.AspNetCore.Http;

namespace Forethought.Web;

/// <summary>The routes <c>/api/v1/status/config</c> and <c>/api/v1/status/runtimeinfo</c>.</summary>
/// <param name="configuration">The effective configuration as YAML, without its secrets.</param>
/// <param name="runtime">How the process is.</param>
/// <param name="time">The clock.</param>
public sealed class RuntimeApi(Func<string> configuration, Func<ProcessInformation> runtime, TimeProvider time)
{
    /// <summary>Answers with the configuration in force.</summary>
    public async Task ConfigurationAsync(HttpContext context)
    {
        using JsonOutput output = ApiAnswer.Begin(context);
        output.Raw("{\"yaml\":"u8);
        output.Text(configuration());
        output.Raw('}');
        await ApiAnswer.EndAsync(context, output, []).ConfigureAwait(false);
    }

    /// <summary>Answers with how the process is. What only Go has is told in .NET's terms: threads for goroutines.</summary>
    public async Task RuntimeAsync(HttpContext context)
    {
        ProcessInformation now = runtime();
        using JsonOutput output = ApiAnswer.Begin(context);
        Text("{\"startTime\":"u8, Rfc3339.Format(now.StartTime));
        Text(",\"CWD\":"u8, Environment.CurrentDirectory);
        Text(",\"hostname\":"u8, Environment.MachineName);
        Text(",\"serverTime\":"u8, Rfc3339.Format(time.GetUtcNow()));
        output.Raw(",\"reloadConfigSuccess\":"u8);
        output.Boolean(now.ReloadSucceeded);
        Text(",\"lastConfigTime\":"u8, Rfc3339.Format(now.LastConfiguration));
        Number(",\"corruptionCount\":"u8, now.Corruptions);
        Number(",\"goroutineCount\":"u8, ThreadPool.ThreadCount);
        Number(",\"GOMAXPROCS\":"u8, Environment.ProcessorCount);
        Number(",\"GOMEMLIMIT\":"u8, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);
        Text(",\"GOGC\":"u8, "");
        Text(",\"GODEBUG\":"u8, "");
        Text(",\"storageRetention\":"u8, now.Retention);
        output.Raw('}');
        await ApiAnswer.EndAsync(context, output, []).ConfigureAwait(false);

        void Text(ReadOnlySpan<byte> key, string value)
        {
            output.Raw(key);
            output.Text(value);
        }

        void Number(ReadOnlySpan<byte> key, long value)
        {
            output.Raw(key);
            output.Number(value);
        }
    }
}
