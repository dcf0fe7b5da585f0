namespace Forethought.Http;

/// <summary><c>authorization</c>: a scheme and credentials for the <c>Authorization</c> header.</summary>
public sealed record AuthorizationSettings
{
    /// <summary>The scheme; empty means <c>Bearer</c> after validation.</summary>
    public string Type { get; init; } = "";

    /// <summary>The credentials.</summary>
    public Secret Credentials { get; init; }

    /// <summary>The file with the credentials, read again for each request.</summary>
    public string CredentialsFile { get; init; } = "";

    /// <summary>A reference into a secret manager. Prometheus accepts the key and has no manager to resolve it.</summary>
    public string CredentialsRef { get; init; } = "";

    internal AuthorizationSettings WithDirectory(string directory) =>
        this with { CredentialsFile = ConfiguredPath.Join(directory, CredentialsFile) };

    internal AuthorizationSettings Validated()
    {
        if (SettingRules.CountSet(Credentials.Reveal(), CredentialsFile, CredentialsRef) > 1)
        {
            throw new HttpConfigurationException("at most one of authorization credentials & credentials_file must be configured");
        }

        string type = Type.Trim();
        if (type.Equals("basic", StringComparison.OrdinalIgnoreCase))
        {
            throw new HttpConfigurationException("authorization type cannot be set to \"basic\", use \"basic_auth\" instead");
        }

        return this with { Type = type.Length == 0 ? "Bearer" : type };
    }
}
