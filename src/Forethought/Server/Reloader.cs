using Forethought.Configuration;
using Forethought.Encoding;
using Microsoft.Extensions.Logging;

namespace Forethought.Server;

/// <summary>
/// Loads the configuration again, all or nothing: first every part prepares from the new one, then all switch. If the file is
/// invalid or a part cannot prepare, the previous configuration stays whole. One reload at a time; thread-safe.
/// </summary>
/// <param name="holder">The configuration in force.</param>
/// <param name="parts">Each part's preparation: it throws when the configuration is not for it, and returns the switch, which
/// must not fail.</param>
/// <param name="metrics">Success and time.</param>
/// <param name="log">The log.</param>
/// <param name="time">The clock.</param>
internal sealed class Reloader(
    ConfigurationHolder holder,
    IReadOnlyList<Func<PrometheusConfiguration, Func<Task>>> parts,
    ReloadMetrics metrics,
    ILogger log,
    TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim _one = new(1, 1);

    /// <summary>The configuration in force.</summary>
    public PrometheusConfiguration Current => holder.Current;

    /// <summary>Reads the file and applies it.</summary>
    /// <exception cref="ConfigurationException">Nothing was changed.</exception>
    public async Task ReloadAsync(CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            long started = time.GetTimestamp();
            ServerLog.Loading(log, holder.Path);
            try
            {
                await ApplyAsync(holder.Load()).ConfigureAwait(false);
            }
            catch (Exception exception)
            {
                metrics.Failed();
                string text = $"couldn't load configuration (--config.file={GoQuote.Quote(holder.Path)}): {exception.Message}";
                ServerLog.ReloadFailed(log, text);
                throw new ConfigurationException(text, exception);
            }

            ServerLog.Loaded(log, holder.Path, time.GetElapsedTime(started));
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Applies the configuration that was loaded at the start.</summary>
    public Task ApplyFirstAsync() => ApplyAsync(holder.Current);

    public void Dispose() => _one.Dispose();

    private async Task ApplyAsync(PrometheusConfiguration configuration)
    {
        List<Func<Task>> switches = [.. parts.Select(prepare => prepare(configuration))];
        foreach (Func<Task> switchOver in switches)
            await switchOver().ConfigureAwait(false);
        holder.Switch(configuration);
        foreach (UnsupportedSetting setting in configuration.UnsupportedSettings)
            ServerLog.SettingWithoutFeature(log, setting.Path, setting.File, setting.Line);
        metrics.Succeeded(time.GetUtcNow());
    }
}
