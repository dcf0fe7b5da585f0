namespace Forethought.Web;

/// <summary>
/// What the server says it is. The version is that of the Prometheus whose behaviour it has, because clients switch features by
/// it; the revision names Forethought's own version.
/// </summary>
/// <param name="Version">The version of Prometheus that the behaviour follows.</param>
/// <param name="Revision">Forethought's own version.</param>
/// <param name="Branch">Where it was built from.</param>
/// <param name="BuildUser">Who built it.</param>
/// <param name="BuildDate">When it was built, <c>yyyyMMdd-HH:mm:ss</c>.</param>
/// <param name="RuntimeVersion">The version of the runtime, in the place of Go's.</param>
public sealed record BuildInformation(
    string Version, string Revision, string Branch, string BuildUser, string BuildDate, string RuntimeVersion);
