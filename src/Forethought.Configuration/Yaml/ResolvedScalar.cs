namespace Forethought.Configuration.Yaml;

/// <summary>A scalar with its type decided. Only the field that belongs to <see cref="Kind"/> is meaningful.</summary>
internal readonly record struct ResolvedScalar(ScalarKind Kind, string Tag)
{
    internal bool Boolean { get; init; }

    internal long Integer { get; init; }

    /// <summary>An integer above <see cref="long.MaxValue"/>.</summary>
    internal ulong Unsigned { get; init; }

    internal double Float { get; init; }

    /// <summary>The text of strings; of <c>!!binary</c> the decoded bytes, surrogate-escaped.</summary>
    internal string Text { get; init; } = "";

    internal bool IsNumber => Kind is ScalarKind.Integer or ScalarKind.Unsigned or ScalarKind.Float;
}
