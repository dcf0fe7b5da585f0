using Forethought.Configuration.Yaml;

namespace Forethought.Configuration.Sections;

/// <summary>The keys of <c>sigv4</c>.</summary>
internal static class SigV4Section
{
    internal static readonly YamlOptional<SigV4Configuration> SigV4 = new(new YamlStruct<SigV4Configuration>(
        "sigv4.plain", SigV4Configuration.Zero, static _ => SigV4Configuration.Zero, Checked)
        .Field("region", YamlTypes.Text, sigv4 => sigv4.Region, (sigv4, value) => sigv4 with { Region = value })
        .Field("access_key", YamlTypes.Text, sigv4 => sigv4.AccessKey, (sigv4, value) => sigv4 with { AccessKey = value })
        .Field("secret_key", YamlTypes.Secret, sigv4 => sigv4.SecretKey, (sigv4, value) => sigv4 with { SecretKey = value })
        .Field("profile", YamlTypes.Text, sigv4 => sigv4.Profile, (sigv4, value) => sigv4 with { Profile = value })
        .Field("role_arn", YamlTypes.Text, sigv4 => sigv4.RoleArn, (sigv4, value) => sigv4 with { RoleArn = value })
        .Field("external_id", YamlTypes.Text, sigv4 => sigv4.ExternalId, (sigv4, value) => sigv4 with { ExternalId = value })
        .Field(
            "use_fips_sts_endpoint",
            YamlTypes.Boolean,
            sigv4 => sigv4.UseFipsStsEndpoint,
            (sigv4, value) => sigv4 with { UseFipsStsEndpoint = value })
        .Field("service_name", YamlTypes.Text, sigv4 => sigv4.ServiceName, (sigv4, value) => sigv4 with { ServiceName = value }));

    private static SigV4Configuration Checked(SigV4Configuration sigv4)
    {
        if ((sigv4.AccessKey.Length == 0) != sigv4.SecretKey.IsEmpty)
        {
            throw new ConfigurationException(
                "must provide a AWS SigV4 Access key and Secret Key if credentials are specified in the SigV4 config");
        }

        return sigv4.ExternalId.Length > 0 && sigv4.RoleArn.Length == 0
            ? throw new ConfigurationException("external_id can only be used with role_arn")
            : sigv4;
    }
}
