namespace Forethought.Exposition;

/// <summary>The tokens of both text formats; error texts name them (<see cref="TokenKinds.Name"/>).</summary>
internal enum TokenKind
{
    Invalid,
    Eof,
    Linebreak,
    Help,
    Type,
    Unit,
    EofWord,
    Text,
    Comment,
    MetricName,
    QuotedString,
    BraceOpen,
    BraceClose,
    LabelName,
    LabelValue,
    Comma,
    Equal,
    Timestamp,
    Value,
}
