using Forethought.Model;
using Forethought.Storage;
using Forethought.Tsdb;
using Forethought.Tsdb.Chunks;
using IQueryable = Forethought.Storage.IQueryable;

namespace Forethought.PromQL.Tests.Scripts;

/// <summary>The local store without a directory, chunks a day wide as in upstream's runs of the scripts.</summary>
internal sealed class StoreStorage(TsdbStore store) : IScriptStorage
{
    private IAppender? _appender;
    private AppendBatch _batch = new();

    public IQueryable Samples => store;

    public static async Task<IScriptStorage> OpenAsync() =>
        new StoreStorage(await TsdbStore.OpenAsync(new TsdbOptions
        {
            MinBlockDuration = TimeSpan.FromDays(1),
            Retention = RetentionLimits.None,
            FloatChunkEncoding = ChunkEncoding.Xor2,
            StoresStartTimes = true,
            WritesHistogramStartTimes = true,
        }));

    public void Append(Labels labels, MemorySample sample)
    {
        _appender ??= store.OpenAppender();
        SeriesRef series = _appender.GetOrCreate(labels.Packed, labels.Hash(), out _);
        if (sample.Histogram is { } histogram)
            _batch.Add(series, sample.TimeMs, histogram);
        else
            _batch.Add(series, sample.TimeMs, sample.Value);
        if (sample.StartTimeMs != 0)
            _batch.RequireStartTimes()[_batch.Count - 1] = sample.StartTimeMs;
    }

    public async Task CommitAsync()
    {
        if (_appender is null)
            return;
        if (_appender.Append(_batch) > 0)
            throw new InvalidOperationException("samples were refused: " + string.Join("; ", _batch.Errors.Select(static error => error.Message)));
        await _appender.CommitAsync();
        _appender.Dispose();
        _appender = null;
        _batch = new AppendBatch();
    }

    public ValueTask DisposeAsync() => store.DisposeAsync();
}
