namespace Forethought.Configuration;

/// <summary><c>remote_write[].google_iam</c>.</summary>
/// <param name="CredentialsFile">The file with the credentials; empty for Google's default ones.</param>
public sealed record GoogleIamConfiguration(string CredentialsFile)
{
    internal static GoogleIamConfiguration Zero { get; } = new("");
}
