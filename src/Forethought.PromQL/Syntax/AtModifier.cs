namespace Forethought.PromQL.Syntax;

/// <summary>The bound of the query that <c>@ start()</c> or <c>@ end()</c> fixes a selector to.</summary>
public enum AtModifier
{
    /// <summary>Neither: there is no <c>@</c>, or it has a timestamp.</summary>
    None,

    /// <summary><c>@ start()</c></summary>
    Start,

    /// <summary><c>@ end()</c></summary>
    End,
}
