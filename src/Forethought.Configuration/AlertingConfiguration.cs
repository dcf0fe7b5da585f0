using Forethought.Http;
using Forethought.Model;

namespace Forethought.Configuration;

/// <summary><c>alerting</c>.</summary>
public sealed record AlertingConfiguration
{
    /// <summary>No Alertmanager.</summary>
    public static AlertingConfiguration None { get; } = new();

    /// <summary>Relabelling of alerts before they are sent.</summary>
    public ValueList<RelabelRule> AlertRelabelRules { get; init; } = [];

    /// <summary>The groups of Alertmanagers.</summary>
    public ValueList<AlertmanagerConfiguration> Alertmanagers { get; init; } = [];

    internal AlertingConfiguration WithDirectory(string directory) =>
        this with { Alertmanagers = Alertmanagers.Select(group => group.WithDirectory(directory)).ToValueList() };
}
