namespace Forethought.Logging;

/// <summary>How log lines look (<c>--log.format</c>).</summary>
public enum LogFormat
{
    /// <summary><c>time=… level=… source=… msg="…" key=value</c></summary>
    Logfmt,

    /// <summary>One JSON object a line, with the same keys.</summary>
    Json,
}
