using Forethought.Testing;

namespace Interop.Tests;

/// <summary>The programs of the reference; without them the test is skipped, with the reason.</summary>
internal static class Reference
{
    public static string Prometheus => Peers.Require("prometheus");

    public static string Promtool => Peers.Require("promtool");
}
