using Forethought.Http;

namespace Forethought.Configuration.Sections;

/// <summary>Checks that several discovery mechanisms share.</summary>
internal static class DiscoveryChecks
{
    internal static void Require(bool condition, string problem)
    {
        if (!condition)
        {
            throw new ConfigurationException(problem);
        }
    }

    internal static void RequireText(SectionValues values, string key, string problem) => Require(values.Text(key).Length > 0, problem);

    /// <summary>A URL with the scheme <c>http</c> or <c>https</c> and a host.</summary>
    internal static void RequireHttpUrl(string url)
    {
        Require(url.Length > 0, "URL is missing");
        ConfiguredUrl parsed = ParseUrl(url);
        Require(parsed.Scheme is "http" or "https", "URL scheme must be 'http' or 'https'");
        Require(parsed.Host.Length > 0, "host is missing in URL");
    }

    internal static ConfiguredUrl ParseUrl(string url, string context = "")
    {
        try
        {
            return ConfiguredUrl.Parse(url);
        }
        catch (FormatException e)
        {
            throw new ConfigurationException(context + e.Message, e);
        }
    }

    /// <summary>Exactly one of <c>secret_key</c> and <c>secret_key_file</c>.</summary>
    internal static void RequireOneSecretKey(SectionValues values)
    {
        bool secret = !values.Get<Secret>("secret_key", default).IsEmpty;
        bool file = values.Text("secret_key_file").Length > 0;
        Require(secret || file, "one of secret_key & secret_key_file must be configured");
        Require(!secret || !file, "at most one of secret_key & secret_key_file must be configured");
    }
}
