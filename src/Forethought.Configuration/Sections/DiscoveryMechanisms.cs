using Forethought.Configuration.Yaml;
using Forethought.Encoding;
using Forethought.Http;
using Forethought.Model;
using static Forethought.Configuration.Sections.DiscoveryChecks;

namespace Forethought.Configuration.Sections;

/// <summary>The keys, defaults and rules of the mechanisms that are known but have no record of their own.</summary>
internal static class DiscoveryMechanisms
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly YamlStruct<SectionValues> DockerFilter = DiscoveryMechanism.Filter("moby.Filter");

    internal static IReadOnlyList<DiscoveryMechanism> All { get; } =
    [
        .. AwsMechanisms.All, Azure(), Consul(), DigitalOcean(), Dns(), Docker(), DockerSwarm(), Eureka(), Gce(), Hetzner(), Ionos(),
        KubernetesMechanism.Create(), Kuma(), Linode(), Marathon(), Zookeeper("nerve", "NerveSDConfig"), Nomad(), Oci(), OpenStack(), Outscale(),
        OvhCloud(), PuppetDb(), Scaleway(), Zookeeper("serverset", "ServersetSDConfig"), Stackit(), Triton(), Uyuni(), Vultr(),
    ];

    private static DiscoveryMechanism Azure() => new DiscoveryMechanism("azure")
        .Text("environment", "AzurePublicCloud")
        .Int("port", 80)
        .Text("subscription_id", keepZero: true).Text("tenant_id").Text("client_id").Secret("client_secret")
        .Duration("refresh_interval", TimeSpan.FromMinutes(5))
        .Text("authentication_method", "OAuth")
        .Text("resource_group")
        .Http()
        .Check(static values =>
        {
            RequireText(values, "subscription_id", "azure SD configuration requires a subscription_id");
            string method = values.Text("authentication_method");
            if (method == "OAuth")
            {
                RequireText(values, "tenant_id", "azure SD configuration requires a tenant_id");
                RequireText(values, "client_id", "azure SD configuration requires a client_id");
                Require(!values.Get<Secret>("client_secret", default).IsEmpty, "azure SD configuration requires a client_secret");
            }

            Require(
                method is "OAuth" or "ManagedIdentity" or "SDK" or "WorkloadIdentity",
                $"unknown authentication_type {GoQuote.Quote(method)}. Supported types are \"OAuth\", \"ManagedIdentity\", \"SDK\" or \"WorkloadIdentity\"");
        })
        .Build();

    private static DiscoveryMechanism Consul() => new DiscoveryMechanism("consul")
        .Text("server", "localhost:8500").Text("path_prefix").Secret("token").Text("datacenter").Text("namespace").Text("partition")
        .Text("tag_separator", ",").Text("scheme", "http").Text("username").Secret("password")
        .Bool("allow_stale", true, keepZero: true)
        .Duration("refresh_interval", TimeSpan.FromSeconds(30))
        .Texts("services").Texts("tags").TextMap("node_meta").Text("filter").Text("health_filter")
        .Http()
        .Check(static values =>
        {
            Require(values.Text("server").Trim().Length > 0, "consul SD configuration requires a server address");
            bool hasUser = values.Text("username").Length > 0 || !values.Get<Secret>("password", default).IsEmpty;
            Require(
                !hasUser || values.Http.BasicAuthentication is null,
                "at most one of consul SD configuration username and password and basic auth can be configured");
            bool hasToken = !values.Get<Secret>("token", default).IsEmpty;
            Require(
                !hasToken || (values.Http.Authorization is null && values.Http.OAuth2 is null),
                "at most one of consul SD token, authorization, or oauth2 can be configured");
        })
        .Build();

    private static DiscoveryMechanism DigitalOcean() => new DiscoveryMechanism("digitalocean")
        .Http()
        .Duration("refresh_interval", Minute, keepZero: true)
        .Int("port", 80)
        .Choice("role", static text => $"unknown DigitalOcean SD role {GoQuote.Quote(text)}", "droplets", "droplets", "databases")
        .Check(static values => RequireText(values, "role", "role missing (one of: droplets, databases)"))
        .Build();

    private static DiscoveryMechanism Dns() => new DiscoveryMechanism("dns")
        .Texts("names", keepZero: true)
        .Duration("refresh_interval", TimeSpan.FromSeconds(30))
        .Text("type", "SRV", keepZero: true)
        .Int("port", 0)
        .Check(static values =>
        {
            Require(values.Get("names", ValueList<string>.Empty).Count > 0, "DNS-SD config must contain at least one SRV record name");
            string type = values.Text("type");
            switch (type.ToUpperInvariant())
            {
                case "SRV":
                    break;
                case "A" or "AAAA" or "MX" or "NS":
                    Require(values.Get("port", 0L) != 0, "a port is required in DNS-SD configs for all record types except SRV");
                    break;
                default:
                    throw new ConfigurationException($"invalid DNS-SD records type {type}");
            }
        })
        .Build();

    private static DiscoveryMechanism Docker() => new DiscoveryMechanism("docker", "moby", "DockerSDConfig")
        .Http()
        .Text("host", keepZero: true)
        .Int("port", 80)
        .NestedList("filters", DockerFilter, keepZero: true)
        .Text("host_networking_host", "localhost", keepZero: true)
        .Duration("refresh_interval", Minute, keepZero: true)
        .Bool("match_first_network", true, keepZero: true)
        .Check(RequireHost)
        .Build();

    private static DiscoveryMechanism DockerSwarm() => new DiscoveryMechanism("dockerswarm", "moby", "DockerSwarmSDConfig")
        .Http()
        .Text("host", keepZero: true).Text("role", keepZero: true)
        .Int("port", 80)
        .NestedList("filters", DockerFilter, keepZero: true)
        .Duration("refresh_interval", Minute, keepZero: true)
        .Check(static values =>
        {
            RequireHost(values);
            string role = values.Text("role");
            Require(role.Length > 0, "role missing (one of: tasks, services, nodes)");
            Require(role is "services" or "nodes" or "tasks", $"invalid role {role}, expected tasks, services, or nodes");
        })
        .Build();

    private static DiscoveryMechanism Eureka() => new DiscoveryMechanism("eureka")
        .Text("server")
        .Http()
        .Duration("refresh_interval", TimeSpan.FromSeconds(30))
        .Check(static values =>
        {
            RequireText(values, "server", "eureka_sd: empty or null eureka server");
            ConfiguredUrl url = ParseUrl(values.Text("server"));
            Require(url.Scheme.Length > 0 && url.Host.Length > 0, "eureka_sd: invalid eureka server URL");
        })
        .Build();

    private static DiscoveryMechanism Gce() => new DiscoveryMechanism("gce")
        .Text("project", keepZero: true).Text("zone", keepZero: true).Text("filter")
        .Duration("refresh_interval", Minute)
        .Int("port", 80)
        .Text("tag_separator", ",")
        .Check(static values =>
        {
            RequireText(values, "project", "GCE SD configuration requires a project");
            RequireText(values, "zone", "GCE SD configuration requires a zone");
        })
        .Build();

    private static DiscoveryMechanism Hetzner() => new DiscoveryMechanism("hetzner")
        .Http()
        .Duration("refresh_interval", Minute, keepZero: true)
        .Int("port", 80)
        .Choice("role", UnknownRole, "", "robot", "hcloud")
        .Text("label_selector")
        .Check(static values => RequireText(values, "role", "role missing (one of: robot, hcloud)"))
        .Build();

    private static DiscoveryMechanism Ionos() => new DiscoveryMechanism("ionos")
        .Text("datacenter_id", keepZero: true)
        .Http()
        .Duration("refresh_interval", Minute, keepZero: true)
        .Int("port", 80)
        .Check(static values => RequireText(values, "datacenter_id", "datacenter id can't be empty"))
        .Build();

    private static DiscoveryMechanism Kuma() => new DiscoveryMechanism("kuma", "xds", "KumaSDConfig", "plainKumaConf")
        .Http()
        .Duration("refresh_interval", TimeSpan.FromSeconds(15))
        .Duration("fetch_timeout", TimeSpan.FromMinutes(2))
        .Text("server", keepZero: true).Text("client_id")
        .Check(static values =>
        {
            string server = values.Text("server");
            Require(server.Length > 0, "kuma SD server must not be empty: ");
            ConfiguredUrl url = ParseUrl(server);
            Require(url.Scheme.Length > 0 && url.Host.Length > 0, $"kuma SD server must not be empty and have a scheme: {server}");
        })
        .Build();

    private static DiscoveryMechanism Linode() => new DiscoveryMechanism("linode")
        .Http()
        .Duration("refresh_interval", Minute, keepZero: true)
        .Int("port", 80)
        .Text("tag_separator", ",").Text("region")
        .Build();

    private static DiscoveryMechanism Marathon() => new DiscoveryMechanism("marathon")
        .Texts("servers")
        .Duration("refresh_interval", TimeSpan.FromSeconds(30))
        .Secret("auth_token").Path("auth_token_file")
        .Http()
        .Check(static values =>
        {
            Require(values.Get("servers", ValueList<string>.Empty).Count > 0, "marathon_sd: must contain at least one Marathon server");
            bool token = !values.Get<Secret>("auth_token", default).IsEmpty;
            bool file = values.Text("auth_token_file").Length > 0;
            Require(!token || !file, "marathon_sd: at most one of auth_token & auth_token_file must be configured");
            if (!token && !file)
            {
                return;
            }

            Require(
                values.Http.BasicAuthentication is null,
                "marathon_sd: at most one of basic_auth, auth_token & auth_token_file must be configured");
            Require(
                values.Http.BearerToken.IsEmpty && values.Http.BearerTokenFile.Length == 0,
                "marathon_sd: at most one of bearer_token, bearer_token_file, auth_token & auth_token_file must be configured");
            Require(
                values.Http.Authorization is null,
                "marathon_sd: at most one of auth_token, auth_token_file & authorization must be configured");
        })
        .Build();

    private static DiscoveryMechanism Zookeeper(string name, string typeName) => new DiscoveryMechanism(name, "zookeeper", typeName)
        .Texts("servers", keepZero: true).Texts("paths", keepZero: true)
        .Duration("timeout", TimeSpan.FromSeconds(10))
        .Check(values =>
        {
            Require(
                values.Get("servers", ValueList<string>.Empty).Count > 0,
                $"{name} SD config must contain at least one Zookeeper server");
            ValueList<string> paths = values.Get("paths", ValueList<string>.Empty);
            Require(paths.Count > 0, $"{name} SD config must contain at least one path");
            foreach (string path in paths)
            {
                Require(path.StartsWith('/'), $"{name} SD config paths must begin with '/': {path}");
            }
        })
        .Build();

    private static DiscoveryMechanism Nomad() => new DiscoveryMechanism("nomad")
        .Bool("allow_stale", true, keepZero: true)
        .Http()
        .Text("namespace", "default", keepZero: true)
        .Duration("refresh_interval", Minute, keepZero: true)
        .Text("region", "global", keepZero: true).Text("server", "http://localhost:4646", keepZero: true).Text("tag_separator", ",")
        .Check(static values => Require(values.Text("server").Trim().Length > 0, "nomad SD configuration requires a server address"))
        .Build();

    private static DiscoveryMechanism Oci() => new DiscoveryMechanism("oci")
        .Text("auth", "api_key").Text("tenancy").Text("user").Text("fingerprint").Path("key_file")
        .Secret("key_passphrase").Path("key_passphrase_file").Text("region", keepZero: true).Texts("compartments")
        .Http()
        .Int("port", 80)
        .Duration("refresh_interval", Minute, keepZero: true)
        .Check(static values =>
        {
            RequireText(values, "region", "oci_sd: region is required");
            CheckOciAuthentication(values);
            int index = values.Get("compartments", ValueList<string>.Empty).TakeWhile(static compartment => compartment.Length > 0).Count();
            Require(index == values.Get("compartments", ValueList<string>.Empty).Count, $"oci_sd: compartments[{index}] must not be empty");
            TimeSpan interval = values.Get("refresh_interval", TimeSpan.Zero);
            Require(interval > TimeSpan.Zero, $"oci_sd: refresh_interval must be positive, got {PrometheusDuration.Format(interval)}");
        })
        .Build();

    private static void CheckOciAuthentication(SectionValues values)
    {
        bool passphrase = !values.Get<Secret>("key_passphrase", default).IsEmpty;
        string[] keys = ["tenancy", "user", "fingerprint", "key_file"];
        switch (values.Text("auth"))
        {
            case "api_key":
                foreach (string key in keys)
                {
                    RequireText(values, key, $"oci_sd: api_key auth requires {key}");
                }

                Require(
                    !passphrase || values.Text("key_passphrase_file").Length == 0,
                    "oci_sd: at most one of key_passphrase and key_passphrase_file must be configured");
                break;
            case "instance_principal":
                Require(
                    !passphrase && values.Text("key_passphrase_file").Length == 0 && Array.TrueForAll(keys, key => values.Text(key).Length == 0),
                    "oci_sd: instance_principal auth must not have tenancy, user, fingerprint, key_file, key_passphrase, or key_passphrase_file set");
                break;
            default:
                throw new ConfigurationException(
                    $"oci_sd: unknown auth method {GoQuote.Quote(values.Text("auth"))}, expected \"api_key\" or \"instance_principal\"");
        }
    }

    private static DiscoveryMechanism OpenStack() => new DiscoveryMechanism("openstack")
        .Text("identity_endpoint", keepZero: true).Text("username", keepZero: true).Text("userid", keepZero: true)
        .Secret("password", keepZero: true)
        .Text("project_name", keepZero: true).Text("project_id", keepZero: true).Text("domain_name", keepZero: true)
        .Text("domain_id", keepZero: true)
        .Text("application_credential_name", keepZero: true).Text("application_credential_id", keepZero: true)
        .Secret("application_credential_secret", keepZero: true)
        .Choice("role", static text => $"unknown OpenStack SD role {GoQuote.Quote(text)}", "", "instance", "hypervisor", "loadbalancer")
        .Text("region", keepZero: true)
        .Duration("refresh_interval", Minute, keepZero: true)
        .Int("port", 80)
        .Bool("all_tenants")
        .Tls("tls_config")
        .Text("availability", "public")
        .Check(static values =>
        {
            string availability = values.Text("availability");
            Require(
                availability is "public" or "internal" or "admin",
                $"unknown availability {availability}, must be one of admin, internal or public");
            RequireText(values, "role", "role missing (one of: instance, hypervisor, loadbalancer)");
            RequireText(values, "region", "openstack SD configuration requires a region");
        })
        .Build();

    private static DiscoveryMechanism Outscale() => new DiscoveryMechanism("outscale")
        .Text("endpoint").Text("region", "eu-west-2", keepZero: true).Text("access_key", keepZero: true)
        .Secret("secret_key", keepZero: true).Path("secret_key_file", keepZero: true)
        .Duration("refresh_interval", Minute)
        .Int("port", 80)
        .Http()
        .Check(static values =>
        {
            RequireText(values, "region", "outscale SD configuration requires a region");
            RequireText(values, "access_key", "outscale SD configuration requires access_key");
            RequireOneSecretKey(values);
        })
        .Build();

    private static DiscoveryMechanism OvhCloud() => new DiscoveryMechanism("ovhcloud")
        .Text("endpoint", "ovh-eu", keepZero: true).Text("application_key", keepZero: true)
        .Secret("application_secret", keepZero: true).Secret("consumer_key", keepZero: true)
        .Duration("refresh_interval", Minute, keepZero: true)
        .Text("service", keepZero: true)
        .Check(static values =>
        {
            RequireText(values, "endpoint", "endpoint can not be empty");
            RequireText(values, "application_key", "application key can not be empty");
            Require(!values.Get<Secret>("application_secret", default).IsEmpty, "application secret can not be empty");
            Require(!values.Get<Secret>("consumer_key", default).IsEmpty, "consumer key can not be empty");
            Require(values.Text("service") is "dedicated_server" or "vps", $"unknown service: {values.Text("service")}");
        })
        .Build();

    private static DiscoveryMechanism PuppetDb() => new DiscoveryMechanism("puppetdb")
        .Http()
        .Duration("refresh_interval", Minute)
        .Text("url", keepZero: true).Text("query", keepZero: true)
        .Bool("include_parameters", keepZero: true)
        .Int("port", 80)
        .Check(static values =>
        {
            RequireHttpUrl(values.Text("url"));
            RequireText(values, "query", "query missing");
        })
        .Build();

    private static DiscoveryMechanism Scaleway() => new DiscoveryMechanism("scaleway")
        .Text("project_id", keepZero: true).Text("api_url", "https://api.scaleway.com").Text("zone", "fr-par-1", keepZero: true)
        .Text("access_key", keepZero: true).Secret("secret_key", keepZero: true).Path("secret_key_file", keepZero: true)
        .Text("name_filter").Texts("tags_filter")
        .Http()
        .Duration("refresh_interval", Minute, keepZero: true)
        .Int("port", 80)
        .Choice("role", UnknownRole, "", "instance", "baremetal")
        .Check(static values =>
        {
            RequireText(values, "role", "role missing (one of: instance, baremetal)");
            RequireText(values, "project_id", "project_id is mandatory");
            RequireOneSecretKey(values);
            RequireText(values, "access_key", "access_key is mandatory");
        })
        .Build();

    private static DiscoveryMechanism Stackit() => new DiscoveryMechanism("stackit")
        .Http()
        .Text("project", keepZero: true)
        .Duration("refresh_interval", Minute)
        .Int("port", 80, keepZero: false)
        .Text("region", "eu01").Text("endpoint").Secret("service_account_key").Secret("private_key").Text("service_account_key_path")
        .Text("private_key_path").Text("credentials_file_path")
        .Check(static values =>
        {
            string endpoint = values.Text("endpoint");
            Require(endpoint.Length > 0 || values.Text("region").Length > 0, "stackit_sd: endpoint and region missing");
            ParseUrl(endpoint, $"stackit_sd: invalid endpoint {GoQuote.Quote(endpoint)}: ");
        })
        .Build();

    private static DiscoveryMechanism Triton() => new DiscoveryMechanism("triton")
        .Text("account", keepZero: true).Text("role", "container", keepZero: true).Text("dns_suffix", keepZero: true)
        .Text("endpoint", keepZero: true)
        .Texts("groups")
        .Int("port", 9163)
        .Duration("refresh_interval", Minute)
        .Tls("tls_config")
        .Int("version", 1)
        .Check(static values =>
        {
            Require(values.Text("role") is "container" or "cn", "triton SD configuration requires role to be 'container' or 'cn'");
            RequireText(values, "account", "triton SD configuration requires an account");
            RequireText(values, "dns_suffix", "triton SD configuration requires a dns_suffix");
            RequireText(values, "endpoint", "triton SD configuration requires an endpoint");
            Require(
                values.Get("refresh_interval", TimeSpan.Zero) > TimeSpan.Zero,
                "triton SD configuration requires RefreshInterval to be a positive integer");
        })
        .Build();

    private static DiscoveryMechanism Uyuni() => new DiscoveryMechanism("uyuni")
        .Text("server", keepZero: true).Text("username", keepZero: true).Secret("password", keepZero: true)
        .Http()
        .Text("entitlement", "monitoring_entitled").Text("separator", ",")
        .Duration("refresh_interval", Minute)
        .Check(static values =>
        {
            RequireText(values, "server", "Uyuni SD configuration requires server host");
            ParseUrl(values.Text("server"), "Uyuni Server URL is not valid: ");
            RequireText(values, "username", "Uyuni SD configuration requires a username");
            Require(!values.Get<Secret>("password", default).IsEmpty, "Uyuni SD configuration requires a password");
        })
        .Build();

    private static DiscoveryMechanism Vultr() => new DiscoveryMechanism("vultr")
        .Http()
        .Duration("refresh_interval", Minute, keepZero: true)
        .Int("port", 80)
        .Build();

    private static void RequireHost(SectionValues values)
    {
        RequireText(values, "host", "host missing");
        ParseUrl(values.Text("host"));
    }

    private static string UnknownRole(string text) => $"unknown role {GoQuote.Quote(text)}";
}
