using System.Collections.Immutable;
using Forethought.Model;

namespace Forethought.PromQL.Tests.Oracle;

/// <summary>A value with labels at some time.</summary>
internal sealed record ModelSample(ImmutableSortedDictionary<string, string> Labels, double Value)
{
    public static readonly ImmutableSortedDictionary<string, string> NoLabels = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    public string Key => Text(Labels);

    public ModelSample WithoutName() => this with { Labels = Labels.Remove("__name__") };

    /// <summary>The labels as results show them.</summary>
    public static string Text(ImmutableSortedDictionary<string, string> labels) =>
        Model.Labels.FromStrings([.. labels.SelectMany(static label => new[] { label.Key, label.Value })]).ToString();
}
