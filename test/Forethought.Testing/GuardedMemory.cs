using System.Runtime.InteropServices;
using Xunit;

namespace Forethought.Testing;

/// <summary>
/// Bytes directly before a page that may be neither read nor written: a codec that goes past the end of what it was
/// given ends the process instead of passing by luck. Only on Linux; elsewhere the test is skipped.
/// </summary>
public sealed unsafe class GuardedMemory : IDisposable
{
    private const int PageLength = 64 << 10;
    private const int ReadWrite = 3;
    private const int PrivateAnonymous = 0x22;

    private readonly byte* _start;
    private readonly int _usable;

    /// <summary>Takes memory for at most so many bytes.</summary>
    public GuardedMemory(int maxLength)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "guard pages are set up through Linux's mmap");
        _usable = (maxLength + PageLength - 1) / PageLength * PageLength;
        nint mapping = Map(0, (nuint)(_usable + PageLength), ReadWrite, PrivateAnonymous, -1, 0);
        Assert.NotEqual(-1, mapping);
        _start = (byte*)mapping;
        Assert.Equal(0, Protect((nint)(_start + _usable), PageLength, 0));
    }

    /// <summary>The last <paramref name="length"/> bytes before the guard.</summary>
    public Span<byte> Last(int length) => new(_start + _usable - length, length);

    /// <summary>The last bytes before the guard, holding a copy of <paramref name="content"/>.</summary>
    public Span<byte> Holding(ReadOnlySpan<byte> content)
    {
        Span<byte> bytes = Last(content.Length);
        content.CopyTo(bytes);
        return bytes;
    }

    /// <inheritdoc/>
    public void Dispose() => _ = Unmap((nint)_start, (nuint)(_usable + PageLength));

    [DllImport("libc", EntryPoint = "mmap")]
    private static extern nint Map(nint address, nuint length, int protection, int flags, int file, nint offset);

    [DllImport("libc", EntryPoint = "mprotect")]
    private static extern int Protect(nint address, nuint length, int protection);

    [DllImport("libc", EntryPoint = "munmap")]
    private static extern int Unmap(nint address, nuint length);
}
