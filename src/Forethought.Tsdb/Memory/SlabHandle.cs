namespace Forethought.Tsdb.Memory;

/// <summary>
/// Layout of the 32-bit handles of <see cref="BlockSlab"/> and <see cref="BufferTable"/>. Bits 0–26: index plus one (so that 0
/// means "nothing"); bits 27–31: generation of the place, always 0 outside poison mode.
/// </summary>
internal static class SlabHandle
{
    public const int IndexBits = 27;
    public const uint IndexMask = (1u << IndexBits) - 1;

    /// <summary>The most places of one slab.</summary>
    public const uint MaxPlaces = IndexMask;

    public static uint Make(uint index, byte generation) => (index + 1) | ((uint)generation << IndexBits);

    public static uint IndexOf(uint handle) => (handle & IndexMask) - 1;

    public static byte GenerationOf(uint handle) => (byte)(handle >> IndexBits);

    public static byte NextGeneration(byte generation) => (byte)((generation + 1) & 0x1F);
}
