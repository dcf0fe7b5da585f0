using Forethought.Client;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Forethought.Web;

/// <summary>What the router answers with: one part a family of routes.</summary>
public sealed record WebRoutes
{
    /// <summary>What stands before every path (<c>--web.route-prefix</c>); <c>/</c> for nothing.</summary>
    public string RoutePrefix { get; init; } = "/";

    /// <summary>The path of the URL under which the server is reached from outside, for redirects.</summary>
    public string ExternalPath { get; init; } = "/";

    /// <summary>Whether the server is an agent, which scrapes and forwards, and has nothing to query.</summary>
    public bool IsAgent { get; init; }

    /// <summary>The clock of durations.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>Whether requests are served.</summary>
    public required ServerReadiness Readiness { get; init; }

    /// <summary>The metrics of requests.</summary>
    public required HttpMetrics Metrics { get; init; }

    /// <summary>What <c>/metrics</c> answers.</summary>
    public required MetricsHandler MetricsHandler { get; init; }

    /// <summary>Which origins may read answers.</summary>
    public required CorsPolicy Cors { get; init; }

    /// <summary>Reload and quit.</summary>
    public required LifecycleRoutes Lifecycle { get; init; }

    /// <summary>Queries.</summary>
    public required QueryApi Queries { get; init; }

    /// <summary>Labels and series.</summary>
    public required LabelsApi Labels { get; init; }

    /// <summary>Targets.</summary>
    public required TargetsApi Targets { get; init; }

    /// <summary>Build, flags, version.</summary>
    public required StatusApi Status { get; init; }

    /// <summary>What the configuration and the process are; null leaves these routes out.</summary>
    public RuntimeApi? Runtime { get; init; }

    /// <summary>What the local store holds; null leaves these routes out.</summary>
    public StorageStatusApi? Storage { get; init; }

    /// <summary>Deletions and snapshots.</summary>
    public required AdministrationApi Administration { get; init; }

    /// <summary>Queries as texts.</summary>
    public required SyntaxApi Syntax { get; init; }

    /// <summary>Exemplars.</summary>
    public required ExemplarsApi Exemplars { get; init; }

    /// <summary>What <c>POST /api/v1/write</c> does; null while the receiver is not enabled.</summary>
    public Func<HttpContext, Task>? RemoteWrite { get; init; }

    /// <summary>Where failures go that are the server's own fault.</summary>
    public ILogger Log { get; init; } = NullLogger.Instance;
}
