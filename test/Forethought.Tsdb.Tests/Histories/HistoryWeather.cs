namespace Forethought.Tsdb.Tests.Histories;

/// <summary>How a disk behaves during a history.</summary>
internal enum HistoryWeather
{
    /// <summary>It works.</summary>
    Fair,

    /// <summary>Some operations in a row fail, writes after some of their bytes.</summary>
    Fault,

    /// <summary>Operations fail now and then.</summary>
    Showers,

    /// <summary>Syncs fail now and then.</summary>
    FailedSyncs,

    /// <summary>It is full for a while.</summary>
    Full,
}
