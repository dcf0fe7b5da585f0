namespace Forethought.PromQL.Functions;

/// <summary>What there is to tell of one pair of samples in a binary operation.</summary>
internal enum BinaryNote : byte
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The operator is not defined between floats (only trimming).</summary>
    FloatFloat,

    /// <summary>The operator is not defined between a float and a histogram.</summary>
    FloatHistogram,

    /// <summary>The operator is not defined between a histogram and a float.</summary>
    HistogramFloat,

    /// <summary>The operator is not defined between histograms.</summary>
    HistogramHistogram,

    /// <summary>Custom bounds differed.</summary>
    BoundsReconciled,

    /// <summary>One histogram said "reset", the other "no reset".</summary>
    CounterResetCollision,

    /// <summary>Exponential and custom buckets met.</summary>
    IncompatibleLayout,
}
