using Forethought.Configuration.Yaml;
using Forethought.Encoding;
using Forethought.Http;
using static Forethought.Configuration.Sections.DiscoveryChecks;

namespace Forethought.Configuration.Sections;

/// <summary>The keys of the mechanisms of Amazon Web Services.</summary>
internal static class AwsMechanisms
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly YamlStruct<SectionValues> Filter = DiscoveryMechanism.Filter("aws.Filter");

    internal static IReadOnlyList<DiscoveryMechanism> All { get; } =
    [
        Aws(), Ec2(), Clusters("ecs", "ECSSDConfig", 20), Clusters("elasticache", "ElasticacheSDConfig", 10), Lightsail(),
        Clusters("msk", "MSKSDConfig", 10), Rds(),
    ];

    private static DiscoveryMechanism Aws() => Credentials(new DiscoveryMechanism("aws")
        .Choice("role", UnknownRole, "", "ec2", "ecs", "elasticache", "lightsail", "msk", "rds")
        .Text("region").Text("endpoint"))
        .Duration("refresh_interval", TimeSpan.Zero)
        .Int("port", 0, keepZero: false)
        .UncheckedHttp()
        .NestedList("filters", Filter)
        .Texts("clusters")
        .Check(static values => RequireText(values, "role", UnknownRole("")))
        .Build();

    private static DiscoveryMechanism Ec2() => Credentials(new DiscoveryMechanism("ec2", "aws", "EC2SDConfig")
        .Text("endpoint", keepZero: true).Text("region", keepZero: true))
        .Duration("refresh_interval", Minute)
        .Int("port", 80)
        .NestedList("filters", Filter, keepZero: true)
        .Http()
        .Check(static values => Require(
            values.Get("filters", ValueList<SectionValues>.Empty).All(static filter => filter.Get("values", ValueList<string>.Empty).Count > 0),
            "EC2 SD configuration filter values cannot be empty"))
        .Build();

    private static DiscoveryMechanism Clusters(string name, string typeName, int concurrency) =>
        Credentials(new DiscoveryMechanism(name, "aws", typeName)
        .Text("region", keepZero: true).Text("endpoint", keepZero: true))
        .Texts("clusters")
        .Int("port", 80)
        .Duration("refresh_interval", Minute)
        .Int("request_concurrency", concurrency, keepZero: false)
        .Http()
        .Build();

    private static DiscoveryMechanism Lightsail() => Credentials(new DiscoveryMechanism("lightsail", "aws", "LightsailSDConfig")
        .Text("endpoint", keepZero: true).Text("region", keepZero: true))
        .Duration("refresh_interval", Minute)
        .Int("port", 80)
        .Http()
        .Build();

    private static DiscoveryMechanism Rds() => Credentials(new DiscoveryMechanism("rds", "aws", "RDSSDConfig")
        .Text("region", keepZero: true).Text("endpoint", keepZero: true))
        .Texts("clusters")
        .Int("port", 80)
        .Duration("refresh_interval", Minute)
        .NestedList("filters", Filter, keepZero: true)
        .Int("request_concurrency", 10, keepZero: false)
        .Http()
        .Build();

    private static DiscoveryMechanism Credentials(DiscoveryMechanism mechanism) => mechanism
        .Text("access_key").Secret("secret_key").Text("profile").Text("role_arn").Text("external_id");

    private static string UnknownRole(string text) => $"unknown AWS SD role {GoQuote.Quote(text)}";
}
