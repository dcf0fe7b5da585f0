namespace Forethought.Exposition;

/// <summary>What may come next; the same bytes are different tokens in different places of a line.</summary>
internal enum LexerState
{
    LineStart,
    Comment,
    MetadataName,
    MetadataText,
    Labels,
    LabelValue,
    Value,
    Timestamp,
    Exemplar,
    ExemplarValue,
    ExemplarTimestamp,
}
