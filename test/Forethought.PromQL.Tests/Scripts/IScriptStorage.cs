using Forethought.Model;
using IQueryable = Forethought.Storage.IQueryable;

namespace Forethought.PromQL.Tests.Scripts;

/// <summary>What a script loads samples into: memory, or the real store.</summary>
internal interface IScriptStorage : IAsyncDisposable
{
    IQueryable Samples { get; }

    /// <summary>Stages a sample.</summary>
    void Append(Labels labels, MemorySample sample);

    /// <summary>Makes what was staged visible.</summary>
    Task CommitAsync();
}
