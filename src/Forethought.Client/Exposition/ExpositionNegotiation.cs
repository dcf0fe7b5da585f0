namespace Forethought.Client;

/// <summary>Chooses the exposition format for an Accept header, as Prometheus' own servers choose.</summary>
public static class ExpositionNegotiation
{
    /// <summary>
    /// The most wanted format that can be had; the text format if there is none. The escaping of names is the last one asked for by
    /// the clauses up to the one that matched, or underscores.
    /// </summary>
    /// <param name="accept">The header; null or empty for none.</param>
    /// <param name="offerOpenMetrics">Whether OpenMetrics can be had.</param>
    public static ExpositionFormat Negotiate(string? accept, bool offerOpenMetrics = false)
    {
        NameEscapingScheme escaping = NameEscapingScheme.Underscores;
        foreach (AcceptClause clause in AcceptClause.ParseAll(accept ?? ""))
        {
            escaping = clause.Escaping switch
            {
                "allow-utf-8" => NameEscapingScheme.AllowUtf8,
                "underscores" => NameEscapingScheme.Underscores,
                "dots" => NameEscapingScheme.Dots,
                "values" => NameEscapingScheme.Values,
                _ => escaping,
            };
            if (Match(clause, offerOpenMetrics) is { } kind)
                return ExpositionFormat.Get(kind, escaping);
        }

        return ExpositionFormat.Get(ExpositionKind.Text, escaping);
    }

    private static ExpositionKind? Match(in AcceptClause clause, bool offerOpenMetrics) => clause switch
    {
        { Type: "*", Subtype: "*" } => offerOpenMetrics ? ExpositionKind.OpenMetrics : ExpositionKind.Text,
        { Type: "application", Subtype: "openmetrics-text", Version: "1.0.0" } when offerOpenMetrics => ExpositionKind.OpenMetrics,
        { Type: "application", Subtype: "openmetrics-text", Version: "0.0.1" or "" } when offerOpenMetrics => ExpositionKind.OpenMetrics001,
        { Type: "text", Subtype: "plain", Version: "0.0.4" or "" } => ExpositionKind.Text,
        { Type: "text", Subtype: "*", Version: "0.0.4" } => ExpositionKind.Text,
        _ => null,
    };
}
