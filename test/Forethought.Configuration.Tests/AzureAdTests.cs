namespace Forethought.Configuration.Tests;

/// <summary>The section <c>azuread</c>, with the cases of upstream's storage/remote/azuread/azuread_test.go.</summary>
public sealed class AzureAdTests
{
    private const string Id = "00000000-0000-0000-0000-000000000000";
    private const string Tenant = "00000000-a12b-3cd4-e56f-000000000000";

    [Theory]
    [InlineData("", "must provide an Azure Managed Identity, Azure Workload Identity, Azure OAuth, Azure Certificate or Azure SDK in the Azure AD config")]
    [InlineData("cloud: x, managed_identity: {}", "must provide a cloud in the Azure AD config")]
    [InlineData("managed_identity: {client_id: foo-foobar-bar-foo-00000000}", "the provided Azure Managed Identity client_id is invalid")]
    [InlineData($"oauth: {{client_id: {Id}, client_secret: s}}", "must provide an Azure OAuth tenant_id in the Azure AD config")]
    [InlineData("oauth: {client_secret: s, tenant_id: t}", "must provide an Azure OAuth client_id in the Azure AD config")]
    [InlineData($"oauth: {{client_id: {Id}, tenant_id: t}}", "must provide an Azure OAuth client_secret in the Azure AD config")]
    [InlineData("oauth: {client_id: x, client_secret: s, tenant_id: t}", "the provided Azure OAuth client_id is invalid")]
    [InlineData($"managed_identity: {{client_id: {Id}}}, oauth: {{client_id: {Id}, client_secret: s, tenant_id: t}}", "cannot provide multiple authentication methods in the Azure AD config")]
    [InlineData($"oauth: {{client_id: {Id}, client_secret: s, tenant_id: t}}, sdk: {{tenant_id: t}}", "cannot provide multiple authentication methods in the Azure AD config")]
    [InlineData($"workload_identity: {{client_id: invalidclientid, tenant_id: {Tenant}}}", "the provided Azure Workload Identity client_id is invalid")]
    [InlineData($"workload_identity: {{client_id: {Id}, tenant_id: invalid-tenant-id-!}}", "the provided Azure Workload Identity tenant_id is invalid")]
    [InlineData($"workload_identity: {{tenant_id: {Tenant}}}", "must provide an Azure Workload Identity client_id in the Azure AD config")]
    [InlineData($"workload_identity: {{client_id: {Id}}}", "must provide an Azure Workload Identity tenant_id in the Azure AD config")]
    [InlineData("sdk: {tenant_id: t}, scope: 'invalid<>scope*chars'", "the provided scope contains invalid characters")]
    [InlineData($"certificate: {{tenant_id: {Tenant}, certificate_path: p}}", "must provide an Azure Certificate client_id in the Azure AD config")]
    [InlineData($"certificate: {{client_id: {Id}, certificate_path: p}}", "must provide an Azure Certificate tenant_id in the Azure AD config")]
    [InlineData($"certificate: {{client_id: {Id}, tenant_id: {Tenant}}}", "must provide an Azure Certificate certificate_path in the Azure AD config")]
    [InlineData($"certificate: {{client_id: invalid-client-id, tenant_id: {Tenant}, certificate_path: p}}", "the provided Azure Certificate client_id is invalid")]
    [InlineData($"certificate: {{client_id: {Id}, tenant_id: t, certificate_path: p}}, oauth: {{}}", "cannot provide multiple authentication methods in the Azure AD config")]
    [InlineData($"managed_identity: {{client_id: '({Id})'}}", "the provided Azure Managed Identity client_id is invalid")]
    [InlineData($"managed_identity: {{client_id: ' {Id}'}}", "the provided Azure Managed Identity client_id is invalid")]
    public void Is_refused_with_upstreams_text(string section, string error) =>
        Assert.Equal(error, Assert.Throws<ConfigurationException>(() => Load(section)).Message);

    [Theory]
    [InlineData("managed_identity: {client_id: }")]
    [InlineData($"managed_identity: {{client_id: {Id}}}")]
    [InlineData($"managed_identity: {{client_id: '{{{Id}}}'}}")]
    [InlineData($"managed_identity: {{client_id: 'urn:uuid:{Id}'}}")]
    [InlineData("managed_identity: {client_id: '00000000000000000000000000000000'}")]
    [InlineData($"cloud: AzureChina, oauth: {{client_id: {Id}, client_secret: s, tenant_id: t}}")]
    [InlineData($"oauth: {{client_id: {Id}, client_secret: s, tenant_id: t}}, scope: https://custom-app.com/.default")]
    [InlineData($"cloud: AzureGovernment, sdk: {{tenant_id: {Tenant}}}")]
    [InlineData("sdk: {}")]
    [InlineData($"certificate: {{client_id: {Id}, tenant_id: {Tenant}, certificate_path: /p.pem, certificate_key_path: /k.pem, send_certificate_chain: true}}")]
    public void Is_accepted(string section) => Assert.NotNull(Load(section));

    [Fact]
    public void Has_a_cloud_and_the_path_of_the_token_by_default()
    {
        AzureAdConfiguration azure = Load($"workload_identity: {{client_id: {Id}, tenant_id: {Tenant}}}");
        Assert.Equal("AzurePublic", azure.Cloud);
        string? variable = Environment.GetEnvironmentVariable("AZURE_FEDERATED_TOKEN_FILE");
        Assert.Equal(
            string.IsNullOrEmpty(variable) ? "/var/run/secrets/azure/tokens/azure-identity-token" : variable, azure.WorkloadIdentity?.TokenFilePath);
        Assert.Equal("/t", Load($"workload_identity: {{client_id: {Id}, tenant_id: {Tenant}, token_file_path: /t}}").WorkloadIdentity?.TokenFilePath);
    }

    [Fact]
    public void Is_printed_without_its_secrets()
    {
        string printed = Print($"certificate: {{client_id: {Id}, tenant_id: t, certificate_path: /p, certificate_password: hunter2}}")
            + Print($"oauth: {{client_id: {Id}, client_secret: hunter2, tenant_id: t}}, scope: s");
        Assert.DoesNotContain("hunter2", printed, StringComparison.Ordinal);
        Assert.Contains(
            $"""
              azuread:
                certificate:
                  client_id: {Id}
                  tenant_id: t
                  certificate_path: /p
                  certificate_password: <secret>
                cloud: AzurePublic

            """,
            printed, StringComparison.Ordinal);
        Assert.Contains("      client_secret: <secret>\n", printed, StringComparison.Ordinal);
        Assert.Contains("    scope: s\n", printed, StringComparison.Ordinal);
    }

    private static AzureAdConfiguration Load(string section) => LoaderTests.Load(Document(section)).RemoteWrite[0].AzureAd!;

    private static string Print(string section) => ConfigurationWriter.Write(LoaderTests.Load(Document(section)));

    private static string Document(string section) => $"remote_write: [{{url: 'http://h', azuread: {{{section}}}}}]";
}
