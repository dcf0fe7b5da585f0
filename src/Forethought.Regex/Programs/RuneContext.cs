
namespace Forethought.Regex.Programs;

/// <summary>What assertions need to know about the neighbour of a position.</summary>
internal enum RuneContext : byte
{
    /// <summary>No rune: the beginning or the end of the text.</summary>
    Edge,
    Newline,
    Word,
    Other,
}
