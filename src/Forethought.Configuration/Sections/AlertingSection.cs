using Forethought.Configuration.Yaml;
using Forethought.Model;

namespace Forethought.Configuration.Sections;

/// <summary>The keys of <c>alerting</c>.</summary>
internal static class AlertingSection
{
    private static readonly YamlParsed<string> ApiVersion = YamlTypes.Choice(
        "config.plain", static text => $"expected Alertmanager api version to be one of [v2] but got {text}", "v2");

    private static readonly YamlStruct<AlertmanagerConfiguration> Alertmanager = DiscoverySections.AddTo(
        new YamlStruct<AlertmanagerConfiguration>("config.AlertmanagerConfig", null!, static _ => AlertmanagerConfiguration.Default, Checked)
        .Inline(HttpSections.Client, group => group.Http, (group, value) => group with { Http = value })
        .Field("sigv4", SigV4Section.SigV4, group => group.SigV4, (group, value) => group with { SigV4 = value })
        .Field("scheme", YamlTypes.Text, group => group.Scheme, (group, value) => group with { Scheme = value })
        .Field("path_prefix", YamlTypes.Text, group => group.PathPrefix, (group, value) => group with { PathPrefix = value })
        .Field("timeout", YamlTypes.Duration, group => group.Timeout, (group, value) => group with { Timeout = value })
        .Field("api_version", ApiVersion, group => group.ApiVersion, (group, value) => group with { ApiVersion = value }, keepZero: true)
        .Field("relabel_configs", RelabelSection.Rules, group => group.RelabelRules, (group, value) => group with { RelabelRules = value })
        .Field(
            "alert_relabel_configs",
            RelabelSection.Rules,
            group => group.AlertRelabelRules,
            (group, value) => group with { AlertRelabelRules = value }),
        group => group.Discovery,
        (group, value) => group with { Discovery = value });

    internal static readonly YamlStruct<AlertingConfiguration> Alerting = new YamlStruct<AlertingConfiguration>(
        "config.plain", AlertingConfiguration.None, static _ => AlertingConfiguration.None, Checked)
        .Field(
            "alert_relabel_configs",
            RelabelSection.Rules,
            alerting => alerting.AlertRelabelRules,
            (alerting, value) => alerting with { AlertRelabelRules = value })
        .Field(
            "alertmanagers",
            new YamlList<AlertmanagerConfiguration>(Alertmanager, "config.AlertmanagerConfigs"),
            alerting => alerting.Alertmanagers,
            (alerting, value) => alerting with { Alertmanagers = value });

    internal static void Validate(AlertingConfiguration alerting, NameValidation validation)
    {
        RelabelSection.Validate(alerting.AlertRelabelRules, validation);
        foreach (AlertmanagerConfiguration group in alerting.Alertmanagers)
        {
            RelabelSection.Validate(group.AlertRelabelRules, validation);
            RelabelSection.Validate(group.RelabelRules, validation);
        }
    }

    private static AlertingConfiguration Checked(AlertingConfiguration alerting)
    {
        RelabelSection.CheckNulls(alerting.AlertRelabelRules, "empty or null alert relabeling rule");
        return alerting.Alertmanagers.Any(static group => group is null)
            ? throw new ConfigurationException("empty or null Alertmanager config section")
            : alerting;
    }

    private static AlertmanagerConfiguration Checked(AlertmanagerConfiguration group)
    {
        group = group with { Discovery = DiscoverySections.Ordered(group.Discovery), Http = group.Http.Validated() };
        bool authenticated = group.Http.BasicAuthentication is not null || group.Http.Authorization is not null || group.Http.OAuth2 is not null;
        if (authenticated && group.SigV4 is not null)
        {
            throw new ConfigurationException("at most one of basic_auth, authorization, oauth2, & sigv4 must be configured");
        }

        if (group.RelabelRules.Count == 0)
        {
            DiscoverySections.CheckStaticTargets(group.Discovery);
        }

        RelabelSection.CheckNulls(group.RelabelRules, "empty or null Alertmanager target relabeling rule");
        RelabelSection.CheckNulls(group.AlertRelabelRules, "empty or null Alertmanager alert relabeling rule");
        return group;
    }
}
