using System.Diagnostics.CodeAnalysis;

namespace Forethought.Tsdb.Memory;

/// <summary>A handle names memory that was freed, or memory was still held at shutdown: a defect of the engine, not of its input.</summary>
internal sealed class NativeMemoryException(string message) : Exception(message)
{
    [DoesNotReturn]
    public static void ThrowStaleHandle(string owner, uint handle) =>
        throw new NativeMemoryException($"{owner}: handle 0x{handle:x8} names freed memory");

    [DoesNotReturn]
    public static void ThrowFull(string owner) => throw new NativeMemoryException($"{owner}: handle space exhausted");
}
