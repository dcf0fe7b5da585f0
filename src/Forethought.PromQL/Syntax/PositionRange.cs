namespace Forethought.PromQL.Syntax;

/// <summary>
/// A half-open range of positions in a query, counted in bytes of its UTF-8 form from zero. Some errors that belong to
/// no single place carry the range [0,0).
/// </summary>
/// <param name="Start">First byte of the range.</param>
/// <param name="End">The byte after the last one.</param>
public readonly record struct PositionRange(int Start, int End)
{
    /// <summary>The range from the start of this one to the end of <paramref name="last"/>.</summary>
    public PositionRange To(PositionRange last) => new(Start, last.End);

    /// <summary>
    /// The start as one-based "line:column" (the column counts bytes), or "unknown position" for an empty query and
    /// "invalid position" for a start outside it, as Prometheus words it.
    /// </summary>
    /// <param name="query">UTF-8 text of the query the range points into.</param>
    public string StartLineColumn(ReadOnlySpan<byte> query)
    {
        if (query.IsEmpty)
        {
            return "unknown position";
        }

        if (Start < 0 || Start > query.Length)
        {
            return "invalid position";
        }

        ReadOnlySpan<byte> before = query[..Start];
        int line = before.Count((byte)'\n') + 1;
        int column = Start - before.LastIndexOf((byte)'\n');
        return string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{line}:{column}");
    }
}
