namespace Forethought.Model;

/// <summary>The two NaNs that Prometheus tells apart by their bits; never compare with <see cref="double.IsNaN"/>.</summary>
public static class StaleMarker
{
    /// <summary>The bits of the stale marker.</summary>
    public const ulong Bits = 0x7ff0000000000002;

    /// <summary>The bits of the ordinary NaN.</summary>
    public const ulong NormalNaNBits = 0x7ff8000000000001;

    /// <summary>The stale marker.</summary>
    public static double Value => BitConverter.UInt64BitsToDouble(Bits);

    /// <summary>The ordinary NaN, which every NaN parsed from text becomes.</summary>
    public static double NormalNaN => BitConverter.UInt64BitsToDouble(NormalNaNBits);

    /// <summary>Whether a value is the stale marker.</summary>
    public static bool IsStale(double value) => BitConverter.DoubleToUInt64Bits(value) == Bits;
}
