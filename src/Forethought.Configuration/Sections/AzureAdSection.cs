using Forethought.Configuration.Yaml;

namespace Forethought.Configuration.Sections;

/// <summary>The keys of <c>azuread</c>.</summary>
internal static class AzureAdSection
{
    private const string DefaultTokenPath = "/var/run/secrets/azure/tokens/azure-identity-token";

    internal static readonly YamlOptional<AzureAdConfiguration> AzureAd = new(new YamlStruct<AzureAdConfiguration>(
        "azuread.plain", AzureAdConfiguration.Zero, static _ => AzureAdConfiguration.Zero, Checked)
        .Field(
            "managed_identity",
            Identity("ManagedIdentityConfig", "client_id"),
            azure => azure.ManagedIdentity,
            (azure, value) => azure with { ManagedIdentity = value })
        .Field(
            "workload_identity",
            Identity("WorkloadIdentityConfig", "client_id", "tenant_id", "token_file_path"),
            azure => azure.WorkloadIdentity,
            (azure, value) => azure with { WorkloadIdentity = value })
        .Field(
            "oauth",
            Identity("OAuthConfig", "client_id", "client_secret", "tenant_id"),
            azure => azure.OAuth,
            (azure, value) => azure with { OAuth = value })
        .Field("sdk", Identity("SDKConfig", "tenant_id"), azure => azure.Sdk, (azure, value) => azure with { Sdk = value })
        .Field(
            "certificate",
            Identity(
                "CertificateConfig",
                "client_id",
                "tenant_id",
                "certificate_path",
                "certificate_key_path",
                "certificate_password",
                "send_certificate_chain"),
            azure => azure.Certificate,
            (azure, value) => azure with { Certificate = value })
        .Field("cloud", YamlTypes.Text, azure => azure.Cloud, (azure, value) => azure with { Cloud = value })
        .Field("scope", YamlTypes.Text, azure => azure.Scope, (azure, value) => azure with { Scope = value }));

    private static YamlOptional<AzureIdentity> Identity(string name, params string[] keys)
    {
        var section = new YamlStruct<AzureIdentity>("azuread." + name, AzureIdentity.Zero);
        foreach (string key in keys)
        {
            _ = key switch
            {
                "client_id" => section.Field(key, YamlTypes.Text, id => id.ClientId, (id, value) => id with { ClientId = value }),
                "client_secret" => section.Field(
                    key,
                    YamlTypes.Secret,
                    id => id.ClientSecret,
                    (id, value) => id with { ClientSecret = value }),
                "tenant_id" => section.Field(key, YamlTypes.Text, id => id.TenantId, (id, value) => id with { TenantId = value }),
                "token_file_path" => section.Field(
                    key,
                    YamlTypes.Text,
                    id => id.TokenFilePath,
                    (id, value) => id with { TokenFilePath = value }),
                "certificate_path" => section.Field(
                    key,
                    YamlTypes.Text,
                    id => id.CertificatePath,
                    (id, value) => id with { CertificatePath = value }),
                "certificate_key_path" => section.Field(
                    key,
                    YamlTypes.Text,
                    id => id.CertificateKeyPath,
                    (id, value) => id with { CertificateKeyPath = value }),
                "certificate_password" => section.Field(
                    key,
                    YamlTypes.Secret,
                    id => id.CertificatePassword,
                    (id, value) => id with { CertificatePassword = value }),
                _ => section.Field(
                    key,
                    YamlTypes.Boolean,
                    id => id.SendCertificateChain,
                    (id, value) => id with { SendCertificateChain = value }),
            };
        }

        return new YamlOptional<AzureIdentity>(section);
    }

    private static AzureAdConfiguration Checked(AzureAdConfiguration azure)
    {
        azure = azure with { Cloud = azure.Cloud.Length == 0 ? "AzurePublic" : azure.Cloud };
        if (Problem(azure) is { } problem)
        {
            throw new ConfigurationException(problem);
        }

        if (azure.WorkloadIdentity is not { TokenFilePath: "" })
        {
            return azure;
        }

        string? path = Environment.GetEnvironmentVariable("AZURE_FEDERATED_TOKEN_FILE");
        return azure with
        {
            WorkloadIdentity = azure.WorkloadIdentity with
            {
                TokenFilePath = string.IsNullOrEmpty(path)
            ? DefaultTokenPath
            : path
            }
        };
    }

    private static string? Problem(AzureAdConfiguration azure)
    {
        if (azure.Cloud is not ("AzurePublic" or "AzureChina" or "AzureGovernment"))
        {
            return "must provide a cloud in the Azure AD config";
        }

        AzureIdentity?[] identities = [azure.ManagedIdentity, azure.WorkloadIdentity, azure.OAuth, azure.Sdk, azure.Certificate];
        return identities.Count(static identity => identity is not null) switch
        {
            0 => "must provide an Azure Managed Identity, Azure Workload Identity, Azure OAuth, Azure Certificate or Azure SDK in the Azure AD config",
            > 1 => "cannot provide multiple authentication methods in the Azure AD config",
            _ => ManagedProblem(azure.ManagedIdentity) ?? WorkloadProblem(azure.WorkloadIdentity) ?? OAuthProblem(azure.OAuth)
                ?? CertificateProblem(azure.Certificate)
                ?? (IsScope(azure.Scope) ? null : "the provided scope contains invalid characters"),
        };
    }

    private static string? ManagedProblem(AzureIdentity? identity) =>
        identity is null || identity.ClientId.Length == 0 || IsUuid(identity.ClientId)
            ? null
            : "the provided Azure Managed Identity client_id is invalid";

    private static string? WorkloadProblem(AzureIdentity? identity) =>
        identity is null ? null
        : identity.ClientId.Length == 0 ? "must provide an Azure Workload Identity client_id in the Azure AD config"
        : identity.TenantId.Length == 0 ? "must provide an Azure Workload Identity tenant_id in the Azure AD config"
        : !IsUuid(identity.ClientId) ? "the provided Azure Workload Identity client_id is invalid"
        : !IsUuid(identity.TenantId) ? "the provided Azure Workload Identity tenant_id is invalid"
        : null;

    private static string? OAuthProblem(AzureIdentity? identity) =>
        identity is null ? null
        : identity.ClientId.Length == 0 ? "must provide an Azure OAuth client_id in the Azure AD config"
        : identity.ClientSecret.IsEmpty ? "must provide an Azure OAuth client_secret in the Azure AD config"
        : identity.TenantId.Length == 0 ? "must provide an Azure OAuth tenant_id in the Azure AD config"
        : !IsUuid(identity.ClientId) ? "the provided Azure OAuth client_id is invalid"
        : null;

    private static string? CertificateProblem(AzureIdentity? identity) =>
        identity is null ? null
        : identity.ClientId.Length == 0 ? "must provide an Azure Certificate client_id in the Azure AD config"
        : identity.TenantId.Length == 0 ? "must provide an Azure Certificate tenant_id in the Azure AD config"
        : identity.CertificatePath.Length == 0 ? "must provide an Azure Certificate certificate_path in the Azure AD config"
        : !IsUuid(identity.ClientId) ? "the provided Azure Certificate client_id is invalid"
        : null;

    // The four forms of google/uuid, told by their length.
    private static bool IsUuid(string text) => text.Length switch
    {
        32 => Guid.TryParseExact(text, "N", out _),
        36 => Guid.TryParseExact(text, "D", out _),
        38 => Guid.TryParseExact(text, "B", out _),
        45 => text.StartsWith("urn:uuid:", StringComparison.OrdinalIgnoreCase) && Guid.TryParseExact(text[9..], "D", out _),
        _ => false,
    };

    private static bool IsScope(string scope) =>
        scope.All(static c => char.IsAsciiLetterOrDigit(c) || c is '_' or ':' or '/' or '.' or '-' or ' ' or '\t' or '\n' or '\r' or '\f');
}
