namespace Forethought.PromQL.Syntax;

/// <summary>How many series of each side of a binary operation may match.</summary>
public enum VectorMatchCardinality
{
    /// <summary>One on either side.</summary>
    OneToOne,

    /// <summary>Many on the left (<c>group_left</c>).</summary>
    ManyToOne,

    /// <summary>Many on the right (<c>group_right</c>).</summary>
    OneToMany,

    /// <summary>Many on both sides (set operators).</summary>
    ManyToMany,
}
