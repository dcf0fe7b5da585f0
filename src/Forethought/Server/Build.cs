using System.Reflection;
using System.Runtime.InteropServices;
using Forethought.Client;
using Forethought.Web;

namespace Forethought.Server;

/// <summary>What this binary is.</summary>
internal static class Build
{
    /// <summary>The version of Prometheus whose behaviour the server has.</summary>
    public const string PrometheusVersion = "3.14.0";

    /// <summary>The build, as the API and <c>--version</c> tell it.</summary>
    public static BuildInformation Information { get; } = new(
        PrometheusVersion,
        "forethought-" + (typeof(Build).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "unknown"),
        "forethought",
        "",
        "",
        "dotnet" + Environment.Version);

    /// <summary>The text of <c>--version</c>, in the layout of Prometheus'.</summary>
    public static string VersionText =>
        $"prometheus, version {Information.Version} (branch: {Information.Branch}, revision: {Information.Revision})\n"
        + $"  build user:       {Information.BuildUser}\n"
        + $"  build date:       {Information.BuildDate}\n"
        + $"  go version:       {Information.RuntimeVersion}\n"
        + $"  platform:         {Platform}/{Architecture}\n"
        + "  tags:             unknown\n";

    private static string Platform => OperatingSystem.IsWindows() ? "windows" : OperatingSystem.IsMacOS() ? "darwin" : "linux";

    private static string Architecture => RuntimeInformation.ProcessArchitecture switch
    {
        System.Runtime.InteropServices.Architecture.X64 => "amd64",
        System.Runtime.InteropServices.Architecture.Arm64 => "arm64",
        var other => other.ToString().ToUpperInvariant(),
    };

    /// <summary>Registers <c>prometheus_build_info</c>.</summary>
    public static void Register(MetricRegistry registry) => registry.CreateGaugeFamily(
            "prometheus_build_info",
            "A metric with a constant '1' value labeled by version, revision, branch, goversion from which prometheus was built, and the goos and goarch for the build.",
            ["branch", "goarch", "goos", "goversion", "revision", "tags", "version"])
        .WithLabels(Information.Branch, Architecture, Platform, Information.RuntimeVersion, Information.Revision, "unknown", Information.Version)
        .Set(1);
}
