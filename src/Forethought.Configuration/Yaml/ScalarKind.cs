namespace Forethought.Configuration.Yaml;

/// <summary>What a scalar's text turned out to be.</summary>
internal enum ScalarKind
{
    Null,
    Boolean,
    Integer,
    Unsigned,
    Float,
    Timestamp,
    Merge,
    String,
    Binary,
    Other,
}
