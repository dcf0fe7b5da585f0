namespace Forethought.Tsdb.Memory;

/// <summary>
/// Whether freed native memory is overwritten and handles are checked against the generation of what they name. On in debug
/// builds, otherwise by the runtime switch <c>Forethought.Tsdb.PoisonFreedMemory</c>. The field is a constant to the tiered
/// compiler, so the checks cost nothing where it is off.
/// </summary>
internal static class PoisonMode
{
    /// <summary>What freed bytes are filled with.</summary>
    public const byte FreedByte = 0xDD;

    public static readonly bool IsOn = Decide();

    private static bool Decide()
    {
#if DEBUG
        const bool byDefault = true;
#else
        const bool byDefault = false;
#endif
        return AppContext.TryGetSwitch("Forethought.Tsdb.PoisonFreedMemory", out bool isOn) ? isOn : byDefault;
    }
}
