namespace Forethought.Client;

/// <summary>One media range of an Accept header, with the parameters that matter here.</summary>
/// <param name="Type">The type, or <c>*</c>.</param>
/// <param name="Subtype">The subtype, or <c>*</c>.</param>
/// <param name="Quality">0 to 1, 1 unless given.</param>
/// <param name="Version">The <c>version</c>, or empty.</param>
/// <param name="Escaping">The <c>escaping</c>, or empty.</param>
internal readonly record struct AcceptClause(string Type, string Subtype, double Quality, string Version, string Escaping)
{
    /// <summary>The clauses by falling quality, then the more specific, then as they came. What cannot be read is left out.</summary>
    public static List<AcceptClause> ParseAll(string header)
    {
        List<AcceptClause> clauses = [];
        foreach (Range range in header.AsSpan().Split(','))
        {
            if (TryParse(header.AsSpan(range), out AcceptClause clause))
                clauses.Add(clause);
        }

        return [.. clauses.OrderByDescending(clause => clause.Quality).ThenBy(clause => clause.Wildcards)];
    }

    private int Wildcards => (Type == "*" ? 1 : 0) + (Subtype == "*" ? 1 : 0);

    private static bool TryParse(ReadOnlySpan<char> text, out AcceptClause clause)
    {
        int parametersStart = text.IndexOf(';');
        ReadOnlySpan<char> range = parametersStart < 0 ? text : text[..parametersStart];
        int slash = range.IndexOf('/');
        ReadOnlySpan<char> type = (slash < 0 ? range : range[..slash]).Trim();
        ReadOnlySpan<char> subtype = slash < 0 ? default : range[(slash + 1)..].Trim();
        if (slash < 0 && type is "*")
            subtype = type;
        clause = new AcceptClause(type.ToString(), subtype.ToString(), 1, "", "");
        if (type.IsEmpty || subtype.IsEmpty || subtype.Contains('/'))
            return false;
        if (parametersStart >= 0)
            clause = clause.WithParameters(text[(parametersStart + 1)..]);
        return true;
    }

    private AcceptClause WithParameters(ReadOnlySpan<char> parameters)
    {
        AcceptClause clause = this;
        foreach (Range range in parameters.Split(';'))
        {
            ReadOnlySpan<char> parameter = parameters[range];
            int equals = parameter.IndexOf('=');
            if (equals < 0)
                continue;
            ReadOnlySpan<char> value = parameter[(equals + 1)..].Trim();
            clause = parameter[..equals].Trim() switch
            {
                "q" => clause with { Quality = AcceptEncoding.ParseQuality(value) },
                "version" => clause with { Version = value.ToString() },
                "escaping" => clause with { Escaping = value.ToString() },
                _ => clause,
            };
        }

        return clause;
    }
}
