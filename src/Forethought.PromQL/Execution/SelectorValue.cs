namespace Forethought.PromQL.Execution;

/// <summary>What an instant selector hands out of the sample it finds.</summary>
internal enum SelectorValue
{
    /// <summary>The sample.</summary>
    Sample,

    /// <summary>Its time in seconds, under <c>timestamp()</c>.</summary>
    Time,

    /// <summary>Its start timestamp in seconds, under <c>start_timestamp()</c>.</summary>
    StartTime,
}
