using System.Runtime.CompilerServices;
using Forethought.Storage;
using Forethought.Tsdb.Memory;

namespace Forethought.Tsdb.Head;

/// <summary>
/// Maps series references, which are monotonic and never reused, to slots, which are. Changes happen under the index lock;
/// look-ups need no lock, only a pinned epoch.
/// </summary>
/// <remarks>
/// Bounds: references are below <see cref="Limit"/>, so the top directory has at most 16,384 entries; the directory below has
/// exactly 16,384 and a page exactly 4,096.
/// </remarks>
internal sealed unsafe class SeriesRefMap : IDisposable
{
    /// <summary>References are below 2^40, as upstream packs them into 40 bits of its chunk references.</summary>
    public const ulong Limit = 1UL << 40;

    /// <summary>What <see cref="TryGetAll"/> finds where a reference names no series.</summary>
    public const uint None = uint.MaxValue;

    private const int PageBits = 12;
    private const int MiddleBits = 14;
    private const int PerPage = 1 << PageBits;

    private readonly NativeAllocator _allocator;
    private readonly EpochManager _epochs;
    private Directory?[] _top = new Directory?[1];

    /// <summary>Makes an empty map.</summary>
    public SeriesRefMap(NativeAllocator allocator, EpochManager epochs)
    {
        _allocator = allocator;
        _epochs = epochs;
    }

    // The slots, plus one so that zero is "none", are followed by nothing; live counts are kept in the directory.
    private static nuint PageBytes => PerPage * sizeof(uint);

    /// <summary>The slot of a reference; false when it names no series.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryGet(ulong reference, out uint slot)
    {
        slot = 0;
        uint* page = PageOf(reference);
        if (page == null)
            return false;
        uint stored = Volatile.Read(ref page[reference & (PerPage - 1)]);
        slot = stored - 1;
        return stored != 0;
    }

    /// <summary>Looks up many references; fastest where they are neighbours.</summary>
    /// <param name="references">What to look for.</param>
    /// <param name="slots">Their slots, <see cref="None"/> for a reference that names no series; as long as those.</param>
    /// <returns>Whether all were found.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool TryGetAll(ReadOnlySpan<SeriesRef> references, Span<uint> slots)
    {
        slots = slots[..references.Length];
        ulong pageNumber = ulong.MaxValue;
        uint* page = null;
        bool foundAll = true;
        for (int i = 0; i < references.Length; i++)
        {
            ulong reference = references[i].Value;
            if (reference >> PageBits != pageNumber)
            {
                pageNumber = reference >> PageBits;
                page = PageOf(reference);
            }

            // Stored is the slot plus one, 0 for none, so that none becomes None.
            uint slot = page == null ? None : Volatile.Read(ref page[reference & (PerPage - 1)]) - 1;
            slots[i] = slot;
            foundAll &= slot != None;
        }

        return foundAll;
    }

    /// <summary>Enters a reference that is not in the map; it must be below <see cref="Limit"/>.</summary>
    public void Add(ulong reference, uint slot)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(reference, Limit);
        Directory directory = DirectoryFor(reference >> (PageBits + MiddleBits));
        ulong index = (reference >> PageBits) & ((1 << MiddleBits) - 1);
        if (directory.Pages[index] == 0)
            Volatile.Write(ref directory.Pages[index], (nint)_allocator.AllocateZeroed(PageBytes, MemoryPurpose.SeriesTables));
        directory.LiveCounts[index]++;
        Volatile.Write(ref ((uint*)directory.Pages[index])[reference & (PerPage - 1)], slot + 1);
    }

    /// <summary>Removes a reference that is in the map; a page without references is given back, unless new ones go there.</summary>
    public void Remove(ulong reference, ulong newestReference)
    {
        Directory directory = _top[reference >> (PageBits + MiddleBits)]!;
        ulong index = (reference >> PageBits) & ((1 << MiddleBits) - 1);
        nint page = directory.Pages[index];
        Volatile.Write(ref ((uint*)page)[reference & (PerPage - 1)], 0);
        if (--directory.LiveCounts[index] > 0 || reference >> PageBits == newestReference >> PageBits)
            return;
        Volatile.Write(ref directory.Pages[index], 0);
        _epochs.RetireMemory((void*)page, PageBytes, MemoryPurpose.SeriesTables);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Directory? directory in _top)
        {
            foreach (nint page in directory?.Pages ?? [])
                _allocator.Free((void*)page, PageBytes, MemoryPurpose.SeriesTables);
        }

        _top = [];
    }

    // Null if none of a page's references names a series.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private uint* PageOf(ulong reference)
    {
        Directory?[] top = Volatile.Read(ref _top);
        ulong high = reference >> (PageBits + MiddleBits);
        return high < (ulong)top.Length && top[high] is { } directory
            ? (uint*)Volatile.Read(ref directory.Pages[(reference >> PageBits) & ((1 << MiddleBits) - 1)])
            : null;
    }

    private Directory DirectoryFor(ulong high)
    {
        if (high >= (ulong)_top.Length)
        {
            var grown = new Directory?[high + 1];
            _top.CopyTo(grown, 0);
            Volatile.Write(ref _top, grown);
        }

        return _top[high] ??= new Directory();
    }

    /// <summary>One object for each 67 million references.</summary>
    private sealed class Directory
    {
        public readonly nint[] Pages = new nint[1 << MiddleBits];
        public readonly ushort[] LiveCounts = new ushort[1 << MiddleBits];
    }
}
