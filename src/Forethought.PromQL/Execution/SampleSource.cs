namespace Forethought.PromQL.Execution;

/// <summary>Series with their samples, one after another: what functions of range vectors read.</summary>
internal abstract class SampleSource
{
    /// <summary>The samples of the current series.</summary>
    public SampleColumns Columns { get; } = new();

    /// <summary>The packed labels of the current series, valid until the next move.</summary>
    public abstract ReadOnlySpan<byte> Labels { get; }

    /// <summary>Whether the current series drops its name when the query ends (only series of a subquery can).</summary>
    public virtual bool DropName => false;

    /// <summary>What the source's series were counted for against the sample limit, to be released when they were read.</summary>
    public virtual long HeldSamples => 0;

    /// <summary>Whether samples of the windows are new reads of storage, rather than results of a subquery.</summary>
    public virtual bool ReadsStorage => true;

    /// <summary>The samples that a subquery's expression looked at, when all was read. A subquery that is the whole query counts these.</summary>
    public virtual long InnerSamples => 0;

    /// <summary>Moves to the next series; false at the end.</summary>
    /// <exception cref="PromQlException">The samples could not be had.</exception>
    public abstract bool MoveNext();
}
