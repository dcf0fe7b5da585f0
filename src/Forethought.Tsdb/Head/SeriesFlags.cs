namespace Forethought.Tsdb.Head;

/// <summary>Bits of a series' state; changed under the shard lock.</summary>
[Flags]
internal enum SeriesFlags : ushort
{
    None = 0,

    /// <summary>A chunk of floats in the XOR encoding is open.</summary>
    OpenFloats = 1,

    /// <summary>A chunk of native histograms with integer counts is open.</summary>
    OpenHistograms = 2,

    /// <summary>A chunk of native histograms with float counts is open.</summary>
    OpenFloatHistograms = 4,

    /// <summary>Any chunk is open.</summary>
    Open = OpenFloats | OpenXor2 | OpenHistograms | OpenFloatHistograms,

    /// <summary>The end of the open histogram chunk was predicted.</summary>
    EndPredicted = 8,

    /// <summary>The log has the series' labels.</summary>
    Logged = 16,

    /// <summary>
    /// Had no chunk when the last truncation looked, or is on its way into a block of stale series, and was not touched since.
    /// </summary>
    Idle = 32,

    /// <summary>Collected: whoever still finds the slot must act as if the series did not exist.</summary>
    Dead = 64,

    /// <summary>The newest sample is a stale marker.</summary>
    Stale = 128,

    /// <summary>The entry's <see cref="SeriesEntry.EarlierRuns"/> is not empty.</summary>
    HasEarlierRuns = 256,

    /// <summary>The shard has noted that full chunks of the series are in memory (<see cref="HeadShard.TakeSealed"/>).</summary>
    NotedSealed = 512,

    /// <summary>A chunk of floats in the XOR2 encoding is open.</summary>
    OpenXor2 = 1024,

    /// <summary>A chunk of floats in either encoding.</summary>
    OpenAnyFloats = OpenFloats | OpenXor2,

    /// <summary>Samples of the series came out of order and are not in blocks yet.</summary>
    HasOutOfOrder = 2048,

    /// <summary>The newest sample is a native histogram.</summary>
    Histogram = 4096,
}
