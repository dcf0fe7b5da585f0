using Forethought.Http;

namespace Forethought.Configuration;

/// <summary>One item of <c>static_configs</c>, or of a file or an HTTP answer with target groups.</summary>
/// <param name="Targets">The addresses.</param>
/// <param name="Labels">Labels that all of them get.</param>
public sealed record StaticTargetGroup(ValueList<string> Targets, ValueMap<string> Labels)
{
    /// <summary>A group without targets.</summary>
    public static StaticTargetGroup Empty { get; } = new([], ValueMap<string>.Empty);
}
