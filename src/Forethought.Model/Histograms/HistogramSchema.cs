namespace Forethought.Model;

/// <summary>Ranges of native-histogram schemas.</summary>
public static class HistogramSchema
{
    /// <summary>The coarsest exponential schema.</summary>
    public const int ExponentialMin = -4;

    /// <summary>The finest exponential schema that is used.</summary>
    public const int ExponentialMax = 8;

    /// <summary>Schemas above <see cref="ExponentialMax"/> up to this one are reserved; they are reduced when read.</summary>
    public const int ExponentialMaxReserved = 52;

    /// <summary>Schemas below <see cref="ExponentialMin"/> down to this one are reserved and rejected.</summary>
    public const int ExponentialMinReserved = -9;

    /// <summary>Custom bucket bounds (NHCB).</summary>
    public const int CustomBuckets = -53;

    /// <summary>Whether a schema is custom buckets.</summary>
    public static bool IsCustomBuckets(int schema) => schema == CustomBuckets;

    /// <summary>Whether a schema is exponential and not reserved.</summary>
    public static bool IsExponential(int schema) => schema is >= ExponentialMin and <= ExponentialMax;

    /// <summary>Whether a schema is exponential but reserved.</summary>
    public static bool IsExponentialReserved(int schema) =>
        schema is >= ExponentialMinReserved and < ExponentialMin or > ExponentialMax and <= ExponentialMaxReserved;

    /// <summary>Whether a schema is defined at all.</summary>
    public static bool IsKnown(int schema) => IsCustomBuckets(schema) || IsExponential(schema);
}
