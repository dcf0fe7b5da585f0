namespace Forethought.Tsdb.Index;

/// <summary>
/// A growing, sorted list of series references in native memory; plain data, changed by <see cref="PostingsWriter"/> only. A list
/// of one reference holds it in place; a longer one is sealed blocks of 65,536 references each and one open block of offsets.
/// A copy of the struct is a snapshot: what it points to up to its lengths never changes and lives as long as the reader's epoch.
/// </summary>
internal unsafe struct PostingsList
{
    /// <summary>The only reference while <see cref="Open"/> is null; otherwise references of the open block shifted right by 16.</summary>
    public ulong SingleOrOpenKey;

    /// <summary>Offsets of the open block.</summary>
    public ushort* Open;

    /// <summary>Sealed blocks by ascending key.</summary>
    public PostingsBlock* Sealed;

    public int OpenLength;
    public int OpenCapacity;
    public int SealedCount;
    public int SealedCapacity;

    /// <summary>All references.</summary>
    public int Count;
}
