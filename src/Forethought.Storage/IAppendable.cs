namespace Forethought.Storage;

/// <summary>Something that samples can be written to. Thread-safe.</summary>
public interface IAppendable
{
    /// <summary>Begins a transaction. It must be committed or rolled back, and disposed.</summary>
    IAppender OpenAppender();
}
