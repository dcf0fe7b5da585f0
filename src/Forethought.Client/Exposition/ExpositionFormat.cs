namespace Forethought.Client;

/// <summary>An exposition format with the way it puts names, and the Content-Type that says both. Immutable; one object each.</summary>
public sealed class ExpositionFormat
{
    private static readonly ExpositionFormat[][] All =
    [
        .. Enum.GetValues<ExpositionKind>().Select(kind =>
            Enum.GetValues<NameEscapingScheme>().Select(escaping => new ExpositionFormat(kind, escaping)).ToArray()),
    ];

    private ExpositionFormat(ExpositionKind kind, NameEscapingScheme escaping)
    {
        Kind = kind;
        Escaping = escaping;
        string type = kind switch
        {
            ExpositionKind.Text => "text/plain; version=0.0.4",
            ExpositionKind.OpenMetrics => "application/openmetrics-text; version=1.0.0",
            _ => "application/openmetrics-text; version=0.0.1",
        };
        string scheme = escaping switch
        {
            NameEscapingScheme.AllowUtf8 => "allow-utf-8",
            NameEscapingScheme.Dots => "dots",
            NameEscapingScheme.Values => "values",
            _ => "underscores",
        };
        ContentType = $"{type}; charset=utf-8; escaping={scheme}";
    }

    /// <summary>What is written.</summary>
    public ExpositionKind Kind { get; }

    /// <summary>How names are put.</summary>
    public NameEscapingScheme Escaping { get; }

    /// <summary>The Content-Type of an answer in this format.</summary>
    public string ContentType { get; }

    /// <summary>The format of these two properties.</summary>
    public static ExpositionFormat Get(ExpositionKind kind, NameEscapingScheme escaping) => All[(int)kind][(int)escaping];
}
