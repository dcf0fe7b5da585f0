namespace Forethought.Http;

/// <summary><c>basic_auth</c>: user name and password, inline or in files that are read again for each request.</summary>
public sealed record BasicAuthenticationSettings
{
    /// <summary>The user name; empty when it comes from a file or is absent.</summary>
    public string Username { get; init; } = "";

    /// <summary>The file with the user name; surrounding white space is cut off.</summary>
    public string UsernameFile { get; init; } = "";

    /// <summary>A reference into a secret manager. Prometheus accepts the key and has no manager to resolve it.</summary>
    public string UsernameRef { get; init; } = "";

    /// <summary>The password.</summary>
    public Secret Password { get; init; }

    /// <summary>The file with the password; surrounding white space is cut off.</summary>
    public string PasswordFile { get; init; } = "";

    /// <summary>A reference into a secret manager, as <see cref="UsernameRef"/>.</summary>
    public string PasswordRef { get; init; } = "";

    internal BasicAuthenticationSettings WithDirectory(string directory) => this with
    {
        UsernameFile = ConfiguredPath.Join(directory, UsernameFile),
        PasswordFile = ConfiguredPath.Join(directory, PasswordFile),
    };

    internal void Validate()
    {
        if (SettingRules.CountSet(Username, UsernameFile, UsernameRef) > 1)
        {
            throw new HttpConfigurationException("at most one of basic_auth username, username_file & username_ref must be configured");
        }

        if (SettingRules.CountSet(Password.Reveal(), PasswordFile, PasswordRef) > 1)
        {
            throw new HttpConfigurationException("at most one of basic_auth password, password_file & password_ref must be configured");
        }
    }
}
