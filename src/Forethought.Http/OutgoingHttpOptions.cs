namespace Forethought.Http;

/// <summary>What the user of an HTTP client decides, beside the user's settings.</summary>
public sealed record OutgoingHttpOptions
{
    /// <summary>The defaults.</summary>
    public static OutgoingHttpOptions Default { get; } = new();

    /// <summary>The <c>User-Agent</c> of requests that have none; empty for none.</summary>
    public string UserAgent { get; init; } = "";

    /// <summary>
    /// How long an idle connection is kept; 5 minutes, as upstream: above every sensible scrape interval, so that connections are reused.
    /// </summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Whether HTTP/2 may be used where the settings allow it.</summary>
    public bool AllowHttp2 { get; init; } = true;

    /// <summary>Counts connections under <see cref="DialerName"/>; <see langword="null"/> for no counting.</summary>
    public ConnectionMetrics? ConnectionMetrics { get; init; }

    /// <summary>The value of <c>dialer_name</c>: a job, or what the client is for.</summary>
    public string DialerName { get; init; } = "default";

    /// <summary>The clock of token lifetimes.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
