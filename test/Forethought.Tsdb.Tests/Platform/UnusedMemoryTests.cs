using System.Globalization;
using Forethought.Testing;
using Forethought.Tsdb.Memory;
using Forethought.Tsdb.Platform;

namespace Forethought.Tsdb.Tests.Platform;

[Collection(nameof(AloneCollection))]
public sealed class UnusedMemoryTests
{
    private const int Pages = 1024;
    private const int PageBytes = 64 * 1024;

    // What glibc does by itself: memory between pages in use stays the process'. Another C library gives it back at once.
    [Fact]
    public unsafe void Free_pages_between_pages_in_use_go_back_to_the_system()
    {
        if (!OperatingSystem.IsLinux())
            return;
        var allocator = new NativeAllocator();
        byte*[] pages = new byte*[Pages];
        for (int i = 0; i < Pages; i++)
            pages[i] = allocator.AllocateZeroed(PageBytes, MemoryPurpose.SeriesState);
        long full = AnonymousBytes();
        for (int i = 0; i < Pages; i++)
        {
            if (i % 16 != 0)
                allocator.Free(pages[i], PageBytes, MemoryPurpose.SeriesState);
        }

        UnusedMemory.Return();
        Assert.InRange(AnonymousBytes(), 0, full - Pages * PageBytes * 3L / 4);
        for (int i = 0; i < Pages; i += 16)
            allocator.Free(pages[i], PageBytes, MemoryPurpose.SeriesState);
        allocator.AssertNothingOutstanding();
    }

    [Fact]
    public async Task Garbage_of_the_oldest_generation_is_collected()
    {
        int before = GC.CollectionCount(GC.MaxGeneration);
        // The collection goes on beside this thread, and is not begun while another one does.
        await Eventually.Passes(() =>
        {
            UnusedMemory.Return();
            Assert.True(GC.CollectionCount(GC.MaxGeneration) > before);
            return Task.CompletedTask;
        });
    }

    private static long AnonymousBytes() => 1024 * long.Parse(
        File.ReadLines("/proc/self/smaps_rollup").First(line => line.StartsWith("Anonymous:", StringComparison.Ordinal))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
        CultureInfo.InvariantCulture);
}
