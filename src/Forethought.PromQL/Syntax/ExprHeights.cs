namespace Forethought.PromQL.Syntax;

/// <summary>Heights of lists of expressions.</summary>
internal static class ExprHeights
{
    /// <summary>The greatest height in the list, zero for an empty one.</summary>
    internal static int MaxHeight(this IReadOnlyList<Expr> expressions)
    {
        int height = 0;
        for (int i = 0; i < expressions.Count; i++)
        {
            height = Math.Max(height, expressions[i].Height);
        }

        return height;
    }
}
