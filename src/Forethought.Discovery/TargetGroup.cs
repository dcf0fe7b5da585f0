using Forethought.Http;
using Forethought.Model;

namespace Forethought.Discovery;

/// <summary>
/// Targets that were found together and share labels. Immutable and compared by content.
/// </summary>
/// <param name="Source">Tells the groups of one provider apart: a later group with the same source replaces the earlier one.</param>
/// <param name="Labels">Labels that all targets get, such as <c>__meta_filepath</c>.</param>
/// <param name="Targets">The targets' own labels, at least <c>__address__</c>; a group without targets takes the source away.</param>
public sealed record TargetGroup(string Source, Labels Labels, ValueList<Labels> Targets)
{
    /// <summary>A group that takes its source away.</summary>
    public static TargetGroup Empty(string source) => new(source, Labels.Empty, []);
}
