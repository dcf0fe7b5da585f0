namespace Forethought.Model;

/// <summary>How a label matcher compares.</summary>
public enum MatchType
{
    /// <summary><c>=</c></summary>
    Equal,

    /// <summary><c>!=</c></summary>
    NotEqual,

    /// <summary><c>=~</c>, anchored at both ends.</summary>
    RegexMatch,

    /// <summary><c>!~</c>, anchored at both ends.</summary>
    RegexNotMatch,
}
