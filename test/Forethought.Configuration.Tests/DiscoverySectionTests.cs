using Forethought.Http;

namespace Forethought.Configuration.Tests;

/// <summary>The defaults of discovery mechanisms: the <c>DefaultSDConfig</c> of each package in upstream's discovery directory.</summary>
public sealed class DiscoverySectionTests
{
    [Theory]
    [InlineData("aws", "{role: ec2, region: r}", "role: ec2", "region: r")]
    [InlineData("aws", "{role: ecs, port: 81}", "role: ecs", "port: 81")]
    [InlineData("ec2", "{region: r}", "refresh_interval: 1m", "port: 80", "follow_redirects: true", "enable_http2: true")]
    [InlineData("ecs", "{region: r}", "refresh_interval: 1m", "port: 80", "request_concurrency: 20")]
    [InlineData("elasticache", "{region: r}", "refresh_interval: 1m", "port: 80", "request_concurrency: 10")]
    [InlineData("lightsail", "{region: r}", "refresh_interval: 1m", "port: 80")]
    [InlineData("msk", "{region: r}", "refresh_interval: 1m", "port: 80", "request_concurrency: 10")]
    [InlineData("rds", "{region: r}", "refresh_interval: 1m", "port: 80", "request_concurrency: 10")]
    [InlineData("azure", "{subscription_id: s, tenant_id: t, client_id: c, client_secret: x}", "environment: AzurePublicCloud", "port: 80", "refresh_interval: 5m", "authentication_method: OAuth", "client_secret: <secret>")]
    [InlineData("consul", "{}", "server: localhost:8500", "tag_separator: ','", "scheme: http", "allow_stale: true", "refresh_interval: 30s")]
    [InlineData("digitalocean", "{}", "refresh_interval: 1m", "port: 80", "role: droplets")]
    [InlineData("docker", "{host: 'unix:///x'}", "port: 80", "host_networking_host: localhost", "refresh_interval: 1m", "match_first_network: true")]
    [InlineData("dockerswarm", "{host: 'unix:///x', role: nodes}", "port: 80", "refresh_interval: 1m")]
    [InlineData("dns", "{names: [n]}", "refresh_interval: 30s", "type: SRV", "port: 0")]
    [InlineData("eureka", "{server: 'http://h'}", "refresh_interval: 30s")]
    [InlineData("file", "{files: [a.json]}", "refresh_interval: 5m")]
    [InlineData("gce", "{project: p, zone: z}", "refresh_interval: 1m", "port: 80", "tag_separator: ','")]
    [InlineData("hetzner", "{role: robot}", "refresh_interval: 1m", "port: 80")]
    [InlineData("http", "{url: 'http://h'}", "refresh_interval: 1m")]
    [InlineData("ionos", "{datacenter_id: d}", "refresh_interval: 1m", "port: 80")]
    [InlineData("kubernetes", "{role: pod}", "role: pod")]
    [InlineData("kuma", "{server: 'http://h'}", "refresh_interval: 15s", "fetch_timeout: 2m")]
    [InlineData("linode", "{}", "refresh_interval: 1m", "port: 80", "tag_separator: ','")]
    [InlineData("marathon", "{servers: [s]}", "refresh_interval: 30s")]
    [InlineData("nerve", "{servers: [s], paths: [/p]}", "timeout: 10s")]
    [InlineData("serverset", "{servers: [s], paths: [/p]}", "timeout: 10s")]
    [InlineData("nomad", "{}", "allow_stale: true", "namespace: default", "refresh_interval: 1m", "region: global", "server: http://localhost:4646", "tag_separator: ','")]
    [InlineData("openstack", "{role: instance, region: r}", "refresh_interval: 1m", "port: 80", "availability: public")]
    [InlineData("ovhcloud", "{application_key: a, application_secret: s, consumer_key: c, service: vps}", "endpoint: ovh-eu", "refresh_interval: 1m")]
    [InlineData("puppetdb", "{url: 'http://h', query: q}", "refresh_interval: 1m", "port: 80", "include_parameters: false")]
    [InlineData("scaleway", "{role: instance, project_id: 11111111-1111-1111-1111-111111111111, access_key: SCWXXXXXXXXXXXXXXXXX, secret_key: 11111111-1111-1111-1111-111111111111}", "api_url: https://api.scaleway.com", "zone: fr-par-1", "refresh_interval: 1m", "port: 80")]
    [InlineData("stackit", "{project: p}", "refresh_interval: 1m", "port: 80", "region: eu01")]
    [InlineData("triton", "{account: a, dns_suffix: d, endpoint: e}", "role: container", "port: 9163", "refresh_interval: 1m", "version: 1")]
    [InlineData("uyuni", "{server: 'https://h', username: u, password: p}", "entitlement: monitoring_entitled", "separator: ','", "refresh_interval: 1m", "password: <secret>")]
    [InlineData("vultr", "{}", "refresh_interval: 1m", "port: 80")]
    public void Have_upstreams_defaults(string mechanism, string section, params string[] printed)
    {
        string text = ConfigurationWriter.Write(LoaderTests.Load($"scrape_configs: [{{job_name: a, {mechanism}_sd_configs: [{section}]}}]"));
        string list = text[text.IndexOf($"  {mechanism}_sd_configs:\n", StringComparison.Ordinal)..text.IndexOf("\nstorage:", StringComparison.Ordinal)];
        foreach (string line in printed)
            Assert.Matches($"(?m)^  (- |  ){System.Text.RegularExpressions.Regex.Escape(line)}$", list);
    }

    // Every mechanism is refused as a null item and as an unknown key, in the words of its own type.
    [Fact]
    public void Refuse_nothings_and_unknown_keys()
    {
        Assert.True(ConfigurationLoader.GenericDiscoveryKeys.Count > 25);
        foreach (string key in ConfigurationLoader.GenericDiscoveryKeys.Concat(["file_sd_configs", "http_sd_configs", "static_configs"]))
        {
            Assert.Equal($"empty or null section in {key}", Error($"scrape_configs: [{{job_name: a, {key}: [~]}}]"));
            Assert.Contains("field no_such_key not found in type ", Error($"scrape_configs: [{{job_name: a, {key}: [{{no_such_key: 1}}]}}]"), StringComparison.Ordinal);
            Assert.Contains("cannot unmarshal !!str `text` into ", Error($"scrape_configs: [{{job_name: a, {key}: text}}]"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Join_relative_files_to_the_directory()
    {
        using var directory = new Testing.TemporaryDirectory();
        string file = directory.File("prometheus.yml");
        File.WriteAllText(file, """
            scrape_configs:
            - job_name: a
              openstack_sd_configs: [{role: instance, region: r, tls_config: {ca_file: ca.pem}}]
              consul_sd_configs: [{authorization: {credentials_file: token}}]
              kubernetes_sd_configs: [{role: pod, kubeconfig_file: kube}]
            """);
        Dictionary<string, SectionValues> sections = ConfigurationLoader.Load(file).ScrapeConfigurations[0].Discovery
            .OfType<GenericDiscoveryConfiguration>().ToDictionary(item => item.Mechanism, item => item.Section);
        Assert.Equal(directory.File("kube"), sections["kubernetes"].Text("kubeconfig_file"));
        Assert.Equal(directory.File("token"), sections["consul"].Http.Authorization?.CredentialsFile);
        Assert.Equal(directory.File("ca.pem"), sections["openstack"].Get("tls_config", TlsSettings.None).CaFile);
    }

    private static string Error(string text) => Assert.Throws<ConfigurationException>(() => LoaderTests.Load(text)).Message;
}
