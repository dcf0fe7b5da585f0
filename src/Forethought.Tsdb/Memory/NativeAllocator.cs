using System.Runtime.InteropServices;

namespace Forethought.Tsdb.Memory;

/// <summary>
/// The one source of native memory: counts bytes by purpose and hands out cache-line aligned memory. Thread-safe. Meant for pages
/// and other large pieces; small ones come from slabs built on it.
/// </summary>
/// <remarks>Pointers are as valid as the caller's discipline: whoever frees memory that others may read retires it through
/// <see cref="EpochManager"/>.</remarks>
internal sealed unsafe class NativeAllocator
{
    private const int Alignment = 64;

    // One cache line a purpose, so that counting does not make threads share lines.
    private const int Stride = 8;
    private static readonly int Purposes = Enum.GetValues<MemoryPurpose>().Length;

    private readonly long[] _bytes = new long[(Purposes + 1) * Stride];

    /// <summary>Bytes held for all purposes together.</summary>
    public long TotalBytes
    {
        get
        {
            long total = 0;
            for (int i = 0; i < Purposes; i++)
                total += BytesOf((MemoryPurpose)i);
            return total;
        }
    }

    /// <summary>Bytes held for one purpose.</summary>
    public long BytesOf(MemoryPurpose purpose) => Volatile.Read(ref Counter(purpose));

    /// <summary>Uninitialised memory (poisoned in poison mode), aligned to 64 bytes.</summary>
    /// <exception cref="OutOfMemoryException">The system has none left.</exception>
    public byte* Allocate(nuint bytes, MemoryPurpose purpose)
    {
        byte* memory = (byte*)NativeMemory.AlignedAlloc(bytes, Alignment);
        Interlocked.Add(ref Counter(purpose), (long)bytes);
        if (PoisonMode.IsOn)
            NativeMemory.Fill(memory, bytes, PoisonMode.FreedByte);
        return memory;
    }

    /// <summary>Zeroed memory, aligned to 64 bytes.</summary>
    /// <exception cref="OutOfMemoryException">The system has none left.</exception>
    public byte* AllocateZeroed(nuint bytes, MemoryPurpose purpose)
    {
        byte* memory = Allocate(bytes, purpose);
        NativeMemory.Clear(memory, bytes);
        return memory;
    }

    /// <summary>Gives memory back; size and purpose as at allocation. Null is ignored.</summary>
    public void Free(void* memory, nuint bytes, MemoryPurpose purpose)
    {
        if (memory == null)
            return;
        if (PoisonMode.IsOn)
            NativeMemory.Fill(memory, bytes, PoisonMode.FreedByte);
        NativeMemory.AlignedFree(memory);
        Interlocked.Add(ref Counter(purpose), -(long)bytes);
    }

    /// <summary>To be called when everything built on this allocator was disposed.</summary>
    /// <exception cref="NativeMemoryException">Memory is still held; the message says for what.</exception>
    public void AssertNothingOutstanding()
    {
        if (TotalBytes == 0)
            return;
        IEnumerable<string> held = Enum.GetValues<MemoryPurpose>().Where(p => BytesOf(p) != 0).Select(p => $"{p} {BytesOf(p)}");
        throw new NativeMemoryException("native memory outstanding at shutdown: " + string.Join(", ", held));
    }

    private ref long Counter(MemoryPurpose purpose) => ref _bytes[((int)purpose + 1) * Stride];
}
