using Forethought.Configuration;
using Forethought.Http;
using Forethought.Model;

namespace Forethought.Discovery;

/// <summary>Turns groups as written into groups as discovered.</summary>
internal static class TargetGroups
{
    /// <summary>
    /// A group whose targets have nothing but an address; <paramref name="extraName"/>, unless empty, is one more group label.
    /// </summary>
    internal static TargetGroup From(StaticTargetGroup group, string source, string extraName = "", string extraValue = "")
    {
        var builder = new LabelsBuilder();
        foreach ((string name, string value) in group.Labels)
        {
            builder.Set(name, value);
        }

        if (extraName.Length > 0)
        {
            builder.Set(extraName, extraValue);
        }

        ValueList<Labels> targets = group.Targets.Select(static target => Labels.FromStrings("__address__", target)).ToValueList();
        return new TargetGroup(source, builder.ToLabels(), targets);
    }
}
