namespace Forethought.PromQL.Execution;

/// <summary>What an instant selector hands out of the sample it finds.</summary>
internal enum SelectorValue
{
    /// <summary>The sample.</summary>
    Sample,

    /// <summary>Its time in seconds, under <c>timestamp()</c>.</summary>
    Time,

    /// <summary>Its time in milliseconds, the metric name kept, for <c>info()</c>; histograms stay.</summary>
    InfoTime,

    /// <summary>Its start timestamp in seconds, under <c>start_timestamp()</c>.</summary>
    StartTime,
}
