using Forethought.Model;
using Forethought.Storage;
using Forethought.Storage.Merging;
using IQueryable = Forethought.Storage.IQueryable;

namespace Forethought.PromQL.Tests.Scripts;

/// <summary>
/// Samples dealt out over several storages, by stretches of time and each seventh one twice, and read as one: what the server does
/// with head and blocks.
/// </summary>
internal sealed class DealtStorage : IScriptStorage, IQueryable
{
    private const long StretchMs = 300_000;

    private readonly MemoryStorage[] _storages = [new(), new(), new()];
    private int _appended;

    public IQueryable Samples => this;

    public void Append(Labels labels, MemorySample sample)
    {
        int home = (int)((labels.Hash() + (ulong)(sample.TimeMs / StretchMs)) % (ulong)_storages.Length);
        _storages[home].Append(labels, sample);
        if (++_appended % 7 == 0)
            _storages[(home + 1) % _storages.Length].Append(labels, sample);
    }

    public Task CommitAsync() => Task.CompletedTask;

    public IQuerier OpenQuerier(long minTimeMs, long maxTimeMs) =>
        MergedQuerier.Of([.. _storages.Select(storage => storage.OpenQuerier(minTimeMs, maxTimeMs))]);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
